import { changeRegistration, findRegistration } from '../registry/registrations.ts'
import { endRun } from '../runs/run-steps.ts'
import { findRun } from '../runs/runs.ts'
import { registry } from './wiring.ts'

/** What closes a run or registration that its machine could not close. */
export const endingPorts = () => {
  const table = registry()
  const nowMs = (): number => Date.now()
  return {
    nowMs,
    findRun: findRun(table),
    endRun: endRun(table, nowMs),
    findRegistration: findRegistration(table),
    changeRegistration: changeRegistration(table),
  }
}
