import { probePorts } from '../adapters/wiring/probe.ts'
import type { ProbeEvent, ProbeReport } from '../src/registry/probe.ts'
import { thrownByStep } from '../src/run/failure.ts'
import { type Invocation, observed } from './middleware/observed.ts'

const ports = probePorts()

const run = observed<ProbeEvent, ProbeReport>('probe', ports.probe, ({ key }, report) => ({
  key,
  ...(report && { isolation: report.isolation, loadMs: Math.round(report.loadMs), peakMb: report.peakMb }),
}))

/** Runs a quarantined file for the first time, and answers how it may be served. */
export const handler = async (event: ProbeEvent, context: Invocation): Promise<ProbeReport> => {
  try {
    return await run(event, context)
  } catch (thrown) {
    throw thrownByStep(thrown)
  }
}
