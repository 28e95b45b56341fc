import type { EventBridgeEvent } from 'aws-lambda'
import { sweepPorts } from '../adapters/wiring/sweep.ts'
import { type Swept, sweepRuns } from '../src/run/sweep.ts'
import { observed } from './middleware/observed.ts'

const ports = sweepPorts()

/** Starts anew, or closes, open runs whose execution is gone and of whose end no event told. */
export const handler = observed<EventBridgeEvent<string, unknown>, readonly Swept[]>(
  'sweep-runs',
  () => sweepRuns(ports),
  (_, swept = []) => ({ swept: swept.map(({ runId, did }) => `${runId}: ${did}`) }),
)
