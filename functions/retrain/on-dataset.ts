import type { EventBridgeEvent } from 'aws-lambda'
import { onDatasetPorts } from '../../adapters/wiring/retrain.ts'
import { onObject } from '../../src/retrain/retrain.ts'
import { decisionFacts } from '../middleware/decision-facts.ts'
import { observed } from '../middleware/observed.ts'

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
type Detail = { readonly object: { readonly key: string; readonly 'version-id'?: string; readonly sequencer: string } }

const ports = onDatasetPorts()

const writtenOf = ({ time, detail: { object } }: EventBridgeEvent<string, Detail>) => {
  const { key, 'version-id': versionId, sequencer } = object
  return { key, ...(versionId !== undefined && { versionId }), sequencer, atMs: Date.parse(time) }
}

/** Makes a dataset version of a new object, and starts the runs that wait for one. */
export const handler = observed(
  'retrain-on-dataset',
  (event: EventBridgeEvent<string, Detail>) => onObject(ports)(writtenOf(event)),
  (_, decisions) => decisionFacts(decisions),
)
