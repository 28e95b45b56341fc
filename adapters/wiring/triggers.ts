import { listArrivals } from '../runs/arrivals.ts'
import { listDecisions } from '../runs/decisions.ts'
import { findTrigger, listTriggers, putTrigger, removeTrigger } from '../runs/triggers.ts'
import { registry } from './wiring.ts'

/** Triggers as the control plane shows and changes them. */
export const triggerPorts = () => {
  const table = registry()
  return {
    findTrigger: findTrigger(table),
    listTriggers: listTriggers(table),
    putTrigger: putTrigger(table),
    removeTrigger: removeTrigger(table),
    listDecisions: listDecisions(table),
    listArrivals: listArrivals(table),
  }
}
