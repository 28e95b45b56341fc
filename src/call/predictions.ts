import { PercallError } from '../errors.ts'
import type { Label, TabularManifest } from '../registry/manifest.ts'
import { shortestFloat32 } from '../tensor/shortest-float32.ts'
import type { Tensor } from '../tensor/tensor.ts'

/** Where the truth lies with probability `level`; null where an end is not finite. */
export type PredictionInterval = { readonly low: number | null; readonly high: number | null; readonly level: number }

/**
 * A number for regression (null when not finite), with its interval where the model has one; else the label in the
 * target's own JSON type and all probabilities by its text.
 */
export type Prediction =
  | number
  | null
  | { readonly prediction: number | null; readonly interval: PredictionInterval }
  | { readonly label: Label; readonly probabilities: Readonly<Record<string, number | null>> }

/** Output tensors of one inference -> one prediction per row. Throws INTERNAL when the graph lacks the manifest's outputs. */
export const toPredictions = (manifest: TabularManifest, outputs: readonly Tensor[]): readonly Prediction[] => {
  if ('prediction' in manifest.outputs) {
    const { prediction, interval } = manifest.outputs
    const numbers = numbersOf(outputs, prediction)
    if (interval === undefined) return numbers
    const [lows, highs] = [numbersOf(outputs, interval.low), numbersOf(outputs, interval.high)]
    return numbers.map((number, row) => ({
      prediction: number,
      interval: { low: lows[row] ?? null, high: highs[row] ?? null, level: interval.level },
    }))
  }
  const classes = manifest.classes ?? []
  const byText = new Map(classes.map((label) => [String(label), label]))
  const probabilities = Array.from(dataOf(outputs, manifest.outputs.probabilities), Number)
  return Array.from(dataOf(outputs, manifest.outputs.label), (text, row) => {
    const label = byText.get(String(text))
    if (label === undefined) {
      throw new PercallError('INTERNAL', `output label: expected one of ${[...byText.keys()].join(', ')}, got ${text}`)
    }
    const own = probabilities.slice(row * classes.length, (row + 1) * classes.length)
    return { label, probabilities: byLabel([...byText.keys()], own) }
  })
}

const numbersOf = (outputs: readonly Tensor[], name: string): readonly (number | null)[] =>
  Array.from(dataOf(outputs, name), (value) => finite(Number(value)))

const dataOf = (outputs: readonly Tensor[], name: string): Iterable<string | number | bigint> => {
  const tensor = outputs.find((output) => output.name === name)
  if (tensor?.data instanceof Float32Array)
    return Array.from(tensor.data, (value) => (Number.isFinite(value) ? shortestFloat32(value) : value))
  if (tensor !== undefined) return tensor.data
  throw new PercallError(
    'INTERNAL',
    `output ${name}: expected it from the graph, got ${outputs.map((o) => o.name).join(', ')}`,
  )
}

/** Without a prototype, so that a class named `__proto__` is a key like any other. */
const byLabel = (texts: readonly string[], values: readonly number[]): Readonly<Record<string, number | null>> => {
  const record: Record<string, number | null> = Object.create(null)
  texts.forEach((text, k) => {
    record[text] = finite(values[k]!)
  })
  return record
}

/** JSON has no NaN and no infinity. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
