import { runKey } from '../../adapters/runs/run-artifacts.ts'
import { publishingPorts } from '../../adapters/wiring/training.ts'
import type { GlobalExplanations } from '../../src/explain/global-file.ts'
import { globalPlots } from '../../src/explain/global-plots.ts'
import { inspectOnnx } from '../../src/onnx/inspect.ts'
import { keepsWeights, type Optimisation } from '../../src/optimise/variant.ts'
import type { VersionDraft } from '../../src/registry/version.ts'
import type { RunExplanations } from '../../src/run/explain-run.ts'
import type { Evaluation } from '../../src/run/judge/evaluate.ts'
import { type StepEvent, step } from '../middleware/step.ts'

type Event = StepEvent & {
  readonly onnxKey: string
  readonly manifestKey: string
  readonly metricsKey: string
  readonly variantsKey?: string | null
}

const ports = publishingPorts()

const stored = (text: string): Promise<string> => ports.storeArtifact(new TextEncoder().encode(text))

/** A version without plots serves all the same. */
const plotsOf = (explanations: GlobalExplanations): ReturnType<typeof globalPlots> => {
  try {
    return globalPlots(explanations)
  } catch (thrown) {
    console.warn(`plots: ${thrown instanceof Error ? thrown.message : thrown}`)
    return {}
  }
}

/** Stores what the version says of itself as a whole, and its plots. */
const storeExplanations = async (runId: string): Promise<Pick<VersionDraft, 'explanations'>> => {
  const { explanations } = await ports.readJson<RunExplanations>(runKey(runId, 'explanations.json'))
  if (!explanations) return {}
  const plots: Record<string, string> = {}
  for (const [name, svg] of Object.entries(plotsOf(explanations))) plots[name] = await stored(svg)
  return { explanations: { digest: await stored(JSON.stringify(explanations)), plots } }
}

/** Gives the model its version; a run that is registered already answers the same. */
export const handler = step('register', ports, async ({ runId, attempt, ...keys }: Event, { model }) => {
  const bytes = await ports.readBytes(keys.onnxKey)
  const { metrics } = await ports.readJson<Evaluation>(keys.metricsKey)
  const digest = await ports.storeArtifact(bytes)
  const manifestDigest = await ports.storeArtifact(await ports.readBytes(keys.manifestKey))
  const cardDigest = await ports.storeArtifact(await ports.readBytes(runKey(runId, 'card.json')))
  const cardMarkdownDigest = await ports.storeArtifact(await ports.readBytes(runKey(runId, 'card.md')))
  const explainerDigest = await ports.storeArtifact(await ports.readBytes(runKey(runId, 'explainer.json')))
  const { signature } = inspectOnnx(bytes)
  const digests = { digest, manifestDigest, cardDigest, cardMarkdownDigest, explainerDigest }
  const optimisation = keys.variantsKey ? await ports.readJson<Optimisation>(keys.variantsKey) : undefined
  const draft = {
    ...{ model, ...digests, sizeBytes: bytes.length, signature, runId, metrics },
    ...(optimisation && { optimisation }),
    ...(optimisation && !keepsWeights(optimisation.chosen) && { reweighted: true as const }),
    ...(await storeExplanations(runId)),
  }
  const nowMs = ports.nowMs()
  const { number } = await ports.publishVersion({ draft, publishedBy: `run ${runId}`, nowMs })
  await ports.changeRun(runId, attempt, { set: { version: number }, nowMs })
  return { version: number }
})
