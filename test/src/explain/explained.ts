import { runGraph } from '../../../adapters/runs/run-graph.ts'
import { columnsToTensors } from '../../../src/dataset/codec.ts'
import type { Table } from '../../../src/dataset/profile.ts'
import type { Matrix } from '../../../src/estimators/estimator.ts'
import { explainRows } from '../../../src/explain/explain-rows.ts'
import { type Explainer, makeExplainer } from '../../../src/explain/explainer-file.ts'
import type { ExplainedModel, ExplainRequest, RunRows } from '../../../src/explain/explanation.ts'
import { inspectOnnx } from '../../../src/onnx/inspect.ts'
import type { TabularManifest } from '../../../src/registry/manifest.ts'
import { exportModel, type FittedModel } from '../../../src/run/export.ts'
import type { TrainedModel } from '../../../src/run/trained.ts'
import type { Algorithm } from '../../../src/task.ts'
import type { Tensor } from '../../../src/tensor/tensor.ts'
import { byName, readTable, trainOn } from '../../fixtures/learning.ts'
import type { Game } from './brute-force.ts'

export const cars = readTable('cars.train.csv')
export const penguins = readTable('penguins.train.csv')
/** A few rows: what is proved does not ask for a good model. */
const firstRows = ({ names, columns }: ReturnType<typeof readTable>, rows: number) => ({
  names,
  columns: columns.map((column) => column.slice(0, rows)),
})

export const loans = firstRows(readTable('lending_club.train.csv'), 500)

export const hyperOf: Readonly<Record<Algorithm, object>> = {
  linear: {},
  logistic: {},
  gbdt: { iterations: 30, leaves: 12 },
  forest: { iterations: 15, leaves: 20 },
  mlp: { iterations: 5, hidden: [8] },
}

/** Some rows of a table as the codec's tensors. */
export const tensorsOf = (
  { codec }: Pick<TabularManifest, 'codec'>,
  table: Table,
  rows: readonly number[],
): readonly Tensor[] =>
  columnsToTensors(
    codec,
    Object.fromEntries(Object.entries(byName(table)).map(([name, cells]) => [name, rows.map((row) => cells[row])])),
  )

/** A version of a fitted model as the service explains it: its graph runs in ONNX Runtime. */
export const versionOf = (fitted: FittedModel, trained: TrainedModel, train: readonly Tensor[]) => {
  const { bytes, manifest } = exportModel({ ...fitted, trained })
  const explainer = makeExplainer(fitted.codec, trained, { tensors: train }, [], 1)
  const model: ExplainedModel = { signature: inspectOnnx(bytes).signature, manifest, explainer }
  return { bytes, manifest, explainer, model, explain: explaining(bytes, model) }
}

/** Explains by a graph's own runs. */
export const explaining = (bytes: Uint8Array, model: ExplainedModel) => {
  const runRows: RunRows = (inputs, outputs) => runGraph(1)(bytes, inputs, outputs)
  return (request: ExplainRequest) => explainRows({ runRows })(model, request)
}

/** Present columns are those of row `row`, absent ones the background's; `answer` is what is explained, one for each row. */
export const columnGame = (
  inputs: readonly Tensor[],
  row: number,
  { tensors, weights }: Explainer['background'],
  answer: (tensors: readonly Tensor[]) => Float64Array,
): Game => {
  const rows = weights.length
  return (mask) => {
    const masked = tensors.map((tensor, column) =>
      mask & (1 << column) ? repeated(inputs[column]!, row, rows) : tensor,
    )
    return answer(masked).reduce((sum, value, at) => sum + weights[at]! * value, 0)
  }
}

const repeated = (tensor: Tensor, row: number, rows: number): Tensor => {
  const { data } = tensor
  const filled = ArrayBuffer.isView(data)
    ? // A typed array's constructor makes its own kind.
      new (data.constructor as Float64ArrayConstructor)(rows).fill(data[row] as number)
    : new Array<string>(rows).fill(data[row]!)
  return { ...tensor, shape: [rows, 1], data: filled }
}

export const columnOfMatrix = ({ rows, columns, values }: Matrix, k: number): Float64Array =>
  Float64Array.from({ length: rows }, (_, row) => values[row * columns + k]!)

/** Models of one table, by their weights; calibrated where asked. */
export const blend = async (
  parts: readonly (readonly [Algorithm, number])[],
  { table, target }: { readonly table: Table; readonly target: string },
  more: Pick<TrainedModel, 'calibrator'> = {},
) => {
  const all = await Promise.all(
    parts.map(([algorithm]) => trainOn(table, { target, algorithm, hyper: hyperOf[algorithm] })),
  )
  const members = all.map(({ fitted: { trained } }, at) => ({ ...trained.members[0]!, weight: parts[at]![1] }))
  const trained = { ...all[0]!.fitted.trained, members, ...more }
  return { trained, ...versionOf(all[0]!.fitted, trained, tensorsOf(all[0]!.fitted, table, [...Array(120).keys()])) }
}
