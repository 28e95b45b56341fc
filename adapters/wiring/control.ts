import { statisticsPorts } from './counts.ts'
import { exportPlanePorts } from './exports.ts'
import { invoicePorts } from './invoices.ts'
import { billingPorts } from './ledger.ts'
import { registrationPorts } from './registrations.ts'
import { registryPorts } from './registry.ts'
import { runPorts } from './runs.ts'
import { triggerPorts } from './triggers.ts'
import { settingOr } from './wiring.ts'

/** The ports of the control plane. Each room's adapters add their functions here. */
export const controlPorts = () => ({
  ...registryPorts(),
  ...billingPorts(),
  ...invoicePorts(),
  ...exportPlanePorts(),
  serverName: settingOr('PERCALL_SERVER_NAME', 'percall'),
  ...runPorts(),
  ...triggerPorts(),
  ...registrationPorts(),
  ...statisticsPorts(),
})

export type ControlPorts = ReturnType<typeof controlPorts>
