import * as z from 'zod'
import { type Codec, type ColumnCodec, missingInt64 } from '../dataset/codec.ts'
import { PercallError } from '../errors.ts'
import type { Matrix } from '../estimators/estimator.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { dateParting, dateParts } from './date-parts.ts'
import { impute, type Strategy } from './impute.ts'
import { oneHot } from './one-hot.ts'
import { scale } from './scale.ts'
import type { Columns } from './transformer.ts'

/** auto: impute, standardise, one-hot, date parts; none: numbers go in as they are, other kinds are refused. */
export type Preprocess = 'auto' | 'none'

const numbers = z.array(z.number()).readonly()

/** A fitted pipeline; plain JSON. Features lie in the order numbers (with true and false), date parts, categories. */
export const pipelineSchema = z
  .object({
    preprocess: z.enum(['auto', 'none']),
    /** Grouped by datatype (FP32, FP64, INT64), so that the graph casts each group once. */
    numbers: z.array(z.string()).readonly(),
    dates: z.array(z.string()).readonly(),
    categories: z.array(z.string()).readonly(),
    /** One fill, mean and scale per feature before the one-hot ones; empty for none. */
    fills: numbers,
    means: numbers,
    scales: numbers,
    /** The levels of each category column; '' is the level of missing. */
    levels: z.array(z.array(z.string()).readonly()).readonly(),
    /** The design matrix's columns. */
    features: z.array(z.string()).readonly(),
  })
  .readonly()

export type Pipeline = z.infer<typeof pipelineSchema>

/** Fits the pipeline on the codec's tensors [n, 1]. Throws BAD_RUN when `none` meets a column that is not a number. */
export const fitPipeline = (codec: Codec, preprocess: Preprocess, tensors: readonly Tensor[]): Pipeline => {
  const numeric = (['FP32', 'FP64', 'INT64'] as const).flatMap((datatype) =>
    codec.columns.filter((column) => column.datatype === datatype && column.kind !== 'date'),
  )
  const named = (kind: ColumnCodec['kind']) => codec.columns.filter((c) => c.kind === kind).map((c) => c.name)
  const plan = {
    preprocess,
    numbers: numeric.map((column) => column.name),
    dates: named('date'),
    categories: named('category'),
  }
  if (preprocess === 'none') {
    const odd = codec.columns.find((column) => column.kind === 'date' || column.kind === 'category')
    if (odd !== undefined) {
      throw new PercallError('BAD_RUN', `preprocess none, column ${odd.name}: expected a number, got ${odd.kind}`)
    }
    return { ...plan, fills: [], means: [], scales: [], levels: [], features: plan.numbers }
  }
  const strategies = numeric.map((column): Strategy => (column.kind === 'boolean' ? 'most-frequent' : 'median'))
  const imputer = impute([...strategies, ...plan.dates.flatMap(() => dateParts.map((): Strategy => 'median'))])
  const raw = rawNumbers(plan, tensors)
  const fills = imputer.fit(raw)
  const { means, scales } = scale.fit(imputer.apply(fills, raw))
  const levels = oneHot.fit(texts(plan, tensors))
  const features = [
    ...plan.numbers,
    ...plan.dates.flatMap((name) => dateParts.map((part) => `${name} ${part}`)),
    ...plan.categories.flatMap((name, place) => levels[place]!.map((level) => `${name}=${level}`)),
  ]
  return { ...plan, fills, means, scales, levels, features }
}

/** The design matrix [n, p] of the codec's tensors. */
export const applyPipeline = (pipeline: Pipeline, tensors: readonly Tensor[]): Matrix => {
  const raw = rawNumbers(pipeline, tensors)
  if (pipeline.preprocess === 'none') return matrix(raw)
  const filled = impute([]).apply(pipeline.fills, raw)
  return matrix([...scale.apply(pipeline, filled), ...oneHot.apply(pipeline.levels, texts(pipeline, tensors))])
}

type Plan = Pick<Pipeline, 'numbers' | 'dates' | 'categories'>

/** Numbers and date parts as float64 columns with NaN for missing. */
const rawNumbers = ({ numbers, dates }: Plan, tensors: readonly Tensor[]): Columns => [
  ...numbers.map((name) => toFloat64(dataOf(tensors, name))),
  // The codec gives every date as INT64.
  ...dateParting.apply(
    null,
    dates.map((name) => dataOf(tensors, name) as BigInt64Array),
  ),
]

/** The codec gives every category as BYTES. */
const texts = ({ categories }: Plan, tensors: readonly Tensor[]) =>
  categories.map((name) => dataOf(tensors, name) as readonly string[])

const dataOf = (tensors: readonly Tensor[], name: string): Tensor['data'] => {
  const tensor = tensors.find((candidate) => candidate.name === name)
  if (tensor === undefined) throw new PercallError('MISSING_INPUT', `input ${name}: expected a tensor, got none`)
  return tensor.data
}

const toFloat64 = (data: Tensor['data']): Float64Array =>
  data instanceof BigInt64Array
    ? Float64Array.from(data, (value) => (value === missingInt64 ? Number.NaN : Number(value)))
    : Float64Array.from(data as Float32Array | Float64Array) // the codec's other number types

const matrix = (columns: Columns): Matrix => {
  const rows = columns[0]?.length ?? 0
  const values = new Float64Array(rows * columns.length)
  columns.forEach((column, j) => {
    for (let i = 0; i < rows; i++) values[i * columns.length + j] = column[i]!
  })
  return { rows, columns: columns.length, values }
}
