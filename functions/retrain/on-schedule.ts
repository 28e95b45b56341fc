import type { EventBridgeEvent } from 'aws-lambda'
import { onSchedulePorts } from '../../adapters/wiring/retrain.ts'
import { onTick } from '../../src/retrain/retrain.ts'
import { decisionFacts } from '../middleware/decision-facts.ts'
import { observed } from '../middleware/observed.ts'

const ports = onSchedulePorts()

/** Starts the runs whose schedule is due. */
export const handler = observed(
  'retrain-on-schedule',
  (_: EventBridgeEvent<string, unknown>) => onTick(ports)(),
  (_, decisions) => decisionFacts(decisions),
)
