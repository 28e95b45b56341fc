import { SFNClient } from '@aws-sdk/client-sfn'

/** The ports of the control plane. Each room's adapters add their functions here. */
export const controlPorts = () => ({
  executions: new SFNClient({}),
})

export type ControlPorts = ReturnType<typeof controlPorts>
