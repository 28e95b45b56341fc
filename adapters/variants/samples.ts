import type { OnnxFacts } from '../../src/onnx/inspect.ts'
import { firstTrials, type Trial, trialElements, trialInputs } from '../../src/onnx/trial.ts'
import type { Tensor } from '../../src/tensor/tensor.ts'
import type { ChildLimits, ModelChild } from '../child/model-child.ts'
import { tensorOutputs } from '../registry/probe-runs.ts'

/** What variants of one graph are run on. */
export type Samples = {
  readonly one: readonly Tensor[]
  readonly batch: { readonly rows: number; readonly inputs: readonly Tensor[] }
  /** Runs whose answers are compared. */
  readonly judged: readonly (readonly Tensor[])[]
  readonly outputs: readonly string[]
}

const mostElements = 2 ** 18

/** Inputs made up that a graph takes: of one row, of the most rows, and all of them. Undefined where it takes none. */
export const madeUpSamples = async (
  child: ModelChild,
  { signature, dimensions }: Pick<OnnxFacts, 'signature' | 'dimensions'>,
  limits: ChildLimits,
): Promise<Samples | undefined> => {
  const outputs = tensorOutputs({ signature })
  if (outputs.length === 0 || signature.inputs.some(({ kind }) => kind !== undefined)) return undefined
  const taken: { readonly trial: Trial; readonly inputs: readonly Tensor[] }[] = []
  for (const trial of firstTrials(dimensions)) {
    if (trialElements(signature, dimensions, trial) > mostElements) continue
    const told = await child.ask({ kind: 'try', signature, dimensions, trial, outputs }, limits)
    // The next sizes are larger still; those before ran.
    if (told.kind === 'killed') break
    if (told.kind === 'tried') taken.push({ trial, inputs: trialInputs(signature, dimensions, trial) })
  }
  const [first] = taken
  const last = taken.at(-1)
  if (!first || !last) return undefined
  const rows = Math.max(1, ...Object.values(last.trial.sizes))
  return { one: first.inputs, batch: { rows, inputs: last.inputs }, judged: taken.map(({ inputs }) => inputs), outputs }
}
