import { SFNClient } from '@aws-sdk/client-sfn'
import { billingPorts } from './wiring-ledger.ts'
import { registryPorts } from './wiring-registry.ts'

/** The ports of the control plane. Each room's adapters add their functions here. */
export const controlPorts = () => ({
  ...registryPorts(),
  ...billingPorts(),
  executions: new SFNClient({}),
})

export type ControlPorts = ReturnType<typeof controlPorts>
