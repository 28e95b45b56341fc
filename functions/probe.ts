import { probePorts } from '../adapters/wiring-probe.ts'
import type { ProbeEvent, ProbeReport } from '../src/probe.ts'
import { thrownByStep } from '../src/run/failure.ts'

const ports = probePorts()

/** Runs a quarantined file for the first time, and answers how it may be served. */
export const handler = async (event: ProbeEvent): Promise<ProbeReport> => {
  try {
    return await ports.probe(event)
  } catch (thrown) {
    throw thrownByStep(thrown)
  }
}
