import { settingOr } from './wiring.ts'
import { statisticsPorts } from './wiring-counts.ts'
import { billingPorts } from './wiring-ledger.ts'
import { registrationPorts } from './wiring-registrations.ts'
import { registryPorts } from './wiring-registry.ts'
import { runPorts } from './wiring-runs.ts'

/** The ports of the control plane. Each room's adapters add their functions here. */
export const controlPorts = () => ({
  ...registryPorts(),
  ...billingPorts(),
  serverName: settingOr('PERCALL_SERVER_NAME', 'percall'),
  ...runPorts(),
  ...registrationPorts(),
  ...statisticsPorts(),
})

export type ControlPorts = ReturnType<typeof controlPorts>
