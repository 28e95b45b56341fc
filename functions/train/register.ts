import { runKey } from '../../adapters/run-artifacts.ts'
import { publishingPorts } from '../../adapters/wiring-training.ts'
import { inspectOnnx } from '../../src/onnx/inspect.ts'
import type { Evaluation } from '../../src/run/evaluate.ts'
import { type StepEvent, step } from '../middleware/step.ts'

type Event = StepEvent & { readonly onnxKey: string; readonly manifestKey: string; readonly metricsKey: string }

const ports = publishingPorts()

/** Gives the model its version; a run that is registered already answers the same. */
export const handler = step('register', ports, async ({ runId, attempt, ...keys }: Event, { model }) => {
  const bytes = await ports.readBytes(keys.onnxKey)
  const { metrics } = await ports.readJson<Evaluation>(keys.metricsKey)
  const digest = await ports.storeArtifact(bytes)
  const manifestDigest = await ports.storeArtifact(await ports.readBytes(keys.manifestKey))
  const cardDigest = await ports.storeArtifact(await ports.readBytes(runKey(runId, 'card.json')))
  const cardMarkdownDigest = await ports.storeArtifact(await ports.readBytes(runKey(runId, 'card.md')))
  const { signature } = inspectOnnx(bytes)
  const digests = { digest, manifestDigest, cardDigest, cardMarkdownDigest }
  const draft = { model, ...digests, sizeBytes: bytes.length, signature, runId, metrics }
  const nowMs = ports.nowMs()
  const { number } = await ports.publishVersion({ draft, publishedBy: `run ${runId}`, nowMs })
  await ports.changeRun(runId, attempt, { set: { version: number }, nowMs })
  return { version: number }
})
