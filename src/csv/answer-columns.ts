import { type Prediction, toPredictions } from '../call/predictions.ts'
import type { TabularManifest } from '../registry/manifest.ts'
import { requireEntries } from '../tensor/raw-instances.ts'
import { shortestFloat32 } from '../tensor/shortest-float32.ts'
import { elementCount, type Tensor } from '../tensor/tensor.ts'
import type { TextColumn } from './csv-answer.ts'

/** A number that is none, or infinite, is an empty cell. */
const numberCell = (value: number | null | undefined): string =>
  value === null || value === undefined || !Number.isFinite(value) ? '' : String(value)

const answerCell = (prediction: Prediction): string => {
  if (typeof prediction !== 'object' || prediction === null) return numberCell(prediction)
  return 'label' in prediction ? String(prediction.label) : numberCell(prediction.prediction)
}

const probabilityOf = (prediction: Prediction, label: string): number | null | undefined =>
  typeof prediction === 'object' && prediction !== null && 'label' in prediction
    ? prediction.probabilities[label]
    : null

const intervalColumns = (predictions: readonly Prediction[]): readonly TextColumn[] =>
  (['low', 'high'] as const).map((end) => ({
    name: `interval_${end}`,
    cells: predictions.map((prediction) =>
      typeof prediction === 'object' && prediction !== null && 'interval' in prediction
        ? numberCell(prediction.interval[end])
        : '',
    ),
  }))

/** `prediction`, then `interval_low` and `interval_high` where the model has them, or `probability_<class>` of each class. */
export const predictionColumns = (manifest: TabularManifest, outputs: readonly Tensor[]): readonly TextColumn[] => {
  const predictions = toPredictions(manifest, outputs)
  const probabilities = (manifest.classes ?? []).map(String).map((label) => ({
    name: `probability_${label}`,
    cells: predictions.map((prediction) => numberCell(probabilityOf(prediction, label))),
  }))
  const hasInterval = 'prediction' in manifest.outputs && manifest.outputs.interval !== undefined
  const intervals = hasInterval ? intervalColumns(predictions) : []
  return [{ name: 'prediction', cells: predictions.map(answerCell) }, ...intervals, ...probabilities]
}

const textOf = ({ datatype, data }: Tensor): readonly string[] => {
  if (data instanceof Float32Array)
    return Array.from(data, (value) => numberCell(Number.isFinite(value) ? shortestFloat32(value) : null))
  if (data instanceof Float64Array) return Array.from(data, numberCell)
  if (datatype === 'BOOL') return Array.from(data as Uint8Array, (value) => String(value !== 0)) // BOOL is Uint8Array
  return Array.from(data as Iterable<number | bigint | string>, String)
}

/**
 * The outputs of a model without a manifest: `prediction` where there is one, else by output name; `_0`, `_1`... where an
 * entry has several values. Throws OUTPUT_NOT_EXPRESSIBLE for an output that is not one entry a row.
 */
export const rawColumns = (outputs: readonly Tensor[], rows: number): readonly TextColumn[] =>
  outputs.flatMap((tensor) => {
    const width = elementCount(requireEntries(tensor, rows))
    const texts = textOf(tensor)
    const name = outputs.length === 1 ? 'prediction' : tensor.name
    return Array.from({ length: width }, (_, k) => ({
      name: width === 1 ? name : `${name}_${k}`,
      cells: Array.from({ length: rows }, (_, row) => texts[row * width + k] ?? ''),
    }))
  })
