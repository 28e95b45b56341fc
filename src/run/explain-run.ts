import type { Compute } from '../estimators/compute.ts'
import type { RunRows } from '../explain/explanation.ts'
import { explainGlobally, type GlobalInput } from '../explain/global.ts'
import type { GlobalExplanations } from '../explain/global-file.ts'
import { inspectOnnx } from '../onnx/inspect.ts'
import { cutRows, joinRows } from '../tensor/cut-rows.ts'
import type { Tensor } from '../tensor/tensor.ts'

/** explanations.json of a run; a model that cannot be explained serves all the same. */
export type RunExplanations = { readonly explanations?: GlobalExplanations; readonly reason?: string }

/** Global explanations of the graph that is to serve. What goes wrong is told, and ends no run. */
export const explainRun =
  (compute: Compute) =>
  async (bytes: Uint8Array, input: Omit<GlobalInput, 'signature'>): Promise<RunExplanations> => {
    try {
      const graph = await compute.openGraph(bytes)
      try {
        const { signature } = inspectOnnx(bytes)
        return {
          explanations: await explainGlobally({ runRows: runsOf(graph, input), compute })({ ...input, signature }),
        }
      } finally {
        await graph.close()
      }
    } catch (thrown) {
      return { reason: thrown instanceof Error ? thrown.message : String(thrown) }
    }
  }

const runsOf =
  (graph: Awaited<ReturnType<Compute['openGraph']>>, { manifest }: Pick<GlobalInput, 'manifest'>): RunRows =>
  async (inputs, outputs) => {
    const parts: (readonly Tensor[])[] = []
    for (const part of cutRows(inputs, manifest.rowsPerRun ?? Number.POSITIVE_INFINITY))
      parts.push(await graph.run(part, outputs))
    return joinRows(parts)
  }
