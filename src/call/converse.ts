import { PercallError } from '../errors.ts'
import type { Infer } from '../ports.ts'
import { isTabular } from '../registry/manifest.ts'
import { cutRows, joinRows } from '../tensor/cut-rows.ts'
import type { Tensor } from '../tensor/tensor.ts'
import type { Deployed } from './deployed.ts'

/**
 * Runs the version on as many rows as there are, cut to what one run takes: one tensor for each input -> the named outputs.
 * Throws what Infer throws, and INFERENCE_TIMEOUT before a run that would not end in the time of the call.
 */
export type RunRows = (inputs: readonly Tensor[], outputs: readonly string[]) => Promise<readonly Tensor[]>

/** Rows of one run where nothing else bounds them: a few MB of inputs, and too many to gain from more. */
const mostRowsOfRun = 4096

/** Bytes of one run's inputs where nothing else bounds its rows. */
const mostBytesOfRun = 8 * 1024 * 1024
/** What a number and a text take at most beside its characters. */
const numberBytes = 8
const textBytes = 32

/** Rows of these tensors that one run takes by their bytes: a text counts as the longest of its tensor. */
const rowsOfBytes = (tensors: readonly Tensor[]): number => {
  const rows = Math.max(1, tensors[0]?.shape[0] ?? 1)
  const bytes = tensors.reduce((sum, { data }) => {
    const each = ArrayBuffer.isView(data)
      ? numberBytes
      : textBytes + (data as readonly string[]).reduce((most, text) => Math.max(most, text.length), 0)
    return sum + (data.length / rows) * each
  }, 0)
  return Math.max(1, Math.floor(mostBytesOfRun / Math.max(1, bytes)))
}

/** The rows that every run of a graph must have; undefined where it takes any number. */
const fixedRows = ({ version }: Deployed): number | undefined => {
  const first = version.signature.inputs[0]?.shape[0]
  return first === undefined || first < 0 ? undefined : first
}

/** Repeats the last row of tensors until there are `rows` of them. */
const padded = (tensors: readonly Tensor[], rows: number): readonly Tensor[] => {
  const have = tensors[0]?.shape[0] ?? rows
  if (have >= rows) return tensors
  const [last] = cutRows(tensors, 1).slice(-1)
  return joinRows([tensors, ...Array.from({ length: rows - have }, () => last!)])
}

const firstRows = (tensors: readonly Tensor[], rows: number): readonly Tensor[] => cutRows(tensors, rows)[0]!

/** A runner of one version until a moment on the clock of `nowMs`, and what loading it took by then. */
export const rowRunner =
  (infer: Infer, nowMs: () => number) =>
  (deployed: Deployed, untilMs: number): { readonly runRows: RunRows; readonly loadMs: () => number } => {
    const { version, manifest } = deployed
    const fixed = fixedRows(deployed)
    const most = (manifest && isTabular(manifest) ? manifest.rowsPerRun : undefined) ?? mostRowsOfRun
    let loadMs = 0
    let tookMs = 0
    const run = async (inputs: readonly Tensor[], outputs: readonly string[]): Promise<readonly Tensor[]> => {
      const beganAtMs = nowMs()
      if (beganAtMs + tookMs > untilMs)
        throw new PercallError(
          'INFERENCE_TIMEOUT',
          `model ${version.model}/${version.number}: expected all runs within the time of one call, got too many; send fewer rows or a smaller budget, or ask for it later`,
        )
      const inference = await infer(version, fixed === undefined ? inputs : padded(inputs, fixed), outputs)
      loadMs += inference.loadMs
      tookMs = nowMs() - beganAtMs - inference.loadMs
      return inference.outputs
    }
    const runRows: RunRows = async (inputs, outputs) => {
      const parts: (readonly Tensor[])[] = []
      for (const part of cutRows(inputs, fixed ?? Math.min(most, rowsOfBytes(inputs)))) {
        const answered = await run(part, outputs)
        const rows = part[0]?.shape[0] ?? 0
        parts.push(answered[0] && (answered[0].shape[0] ?? 0) > rows ? firstRows(answered, rows) : answered)
      }
      return joinRows(parts)
    }
    return { runRows, loadMs: () => loadMs }
  }
