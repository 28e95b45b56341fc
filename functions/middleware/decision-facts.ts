import type { Decision } from '../../src/retrain/consider.ts'
import type { Facts } from './telemetry.ts'

/** What a log line tells of decisions; a file's own words stay in the registry. */
export const decisionFacts = (decisions: readonly Decision[] = []): Facts => ({
  decided: decisions.map((one) => `${one.model}: ${one.kind === 'start' ? `start ${one.runId}` : `skip, ${one.skip}`}`),
})
