import type { Codec, ColumnCodec } from '../dataset/codec.ts'
import { PercallError } from '../errors.ts'
import type { Features, Matrix } from '../estimators/estimator.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { fitCategories } from './categories.ts'
import { dateParting, dateParts } from './date-parts.ts'
import { featureNames } from './feature-names.ts'
import { numberColumns } from './number-columns.ts'
import { hotPlaces, hotWidth } from './one-hot.ts'
import { ordinal } from './ordinal.ts'
import type { Pipeline, PipelineOptions, PipelinePart, Unnamed } from './pipeline-shape.ts'
import { type RawColumns, rawColumns } from './raw-columns.ts'
import { type NumberScaling, scaleColumn, scalingFitter } from './scale-numbers.ts'
import { targetColumns } from './target-columns.ts'
import { denseTexts, fitTexts, sparseTexts } from './text-block.ts'
import type { Columns } from './transformer.ts'

export type { Pipeline, PipelineOptions, PipelinePart, Preprocess } from './pipeline-shape.ts'

/**
 * Fits a pipeline -> it, and the features that the same rows are to be learned from: other than applyPipeline's where a
 * category is encoded by the target. Throws BAD_RUN when `none` meets a column that is not a number.
 */
export const fitPipeline = (
  codec: Codec,
  options: PipelineOptions,
  part: PipelinePart,
): { readonly pipeline: Pipeline; readonly X: Features } => {
  const raw = rawColumns(part.tensors)
  const { preprocess, form } = options
  const plan = fitUnscaled(codec, options, raw, part)
  const { crossed, ...fitted } = plan
  const scaling =
    preprocess === 'auto' && form === 'scaled' ? { scaling: fitScaling(codec, options, fitted, raw, crossed) } : {}
  const pipeline = { ...fitted, ...scaling, ...featureNames({ ...fitted, ...scaling }) }
  return { pipeline, X: featuresOf(pipeline, raw, crossed) }
}

/** The features [n, p] of the codec's tensors. */
export const applyPipeline = (pipeline: Pipeline, tensors: readonly Tensor[]): Features =>
  featuresOf(pipeline, rawColumns(tensors))

const fitUnscaled = (
  codec: Codec,
  options: PipelineOptions,
  raw: RawColumns,
  part: PipelinePart,
): Omit<Unnamed, 'scaling'> & { readonly crossed: Columns } => {
  const { preprocess, form, steps = {} } = options
  const numeric = (['FP32', 'FP64', 'INT64'] as const).flatMap((datatype) =>
    codec.columns.filter((column) => column.datatype === datatype && column.kind !== 'date'),
  )
  const wide = form === 'scaled' || numeric.some(({ datatype }) => datatype !== 'FP32')
  const common = { preprocess, form, wide, numbers: numeric.map(({ name }) => name) }
  if (preprocess === 'none') {
    requireNumbers(codec)
    return {
      ...common,
      dates: [],
      ordinals: [],
      targets: [],
      hot: [],
      numbered: [],
      texts: [],
      sparse: false,
      crossed: [],
    }
  }
  const cyclic = form === 'scaled' && steps.cycles !== false
  const parting = dateParting('FP64', cyclic ? dateParts : dateParts.filter((name) => !/ (?:sin|cos)$/.test(name)))
  const { targets, numbers: classes } = targetColumns(part.y, options.classes)
  const sparse = form === 'scaled' && options.terms === 'sparse'
  const textColumns = ofKind(codec, 'text')
  const texts = fitTexts(textColumns, raw, sparse || textColumns.length === 0 ? undefined : targets)
  return {
    ...common,
    dates: ofKind(codec, 'date')
      .map(({ name }) => ({ name, parts: parting.fit(raw.dates(name)) }))
      .filter(({ parts }) => parts.length > 0),
    ordinals: ofKind(codec, 'ordinal').map(({ name, levels }) => ({ name, levels, rare: false })),
    ...fitCategories(ofKind(codec, 'category'), options, wide, raw, part, { targets, classes }),
    texts,
    sparse: sparse && texts.length > 0,
  }
}

type ColumnOf<Kind extends ColumnCodec['kind']> = Extract<ColumnCodec, { readonly kind: Kind }>

const ofKind = <Kind extends ColumnCodec['kind']>(codec: Codec, kind: Kind): readonly ColumnOf<Kind>[] =>
  codec.columns.filter((column): column is ColumnOf<Kind> => column.kind === kind)

const requireNumbers = (codec: Codec): void => {
  const odd = codec.columns.find(({ kind }) => kind !== 'numeric' && kind !== 'integer' && kind !== 'boolean')
  if (odd !== undefined)
    throw new PercallError('BAD_RUN', `preprocess none, column ${odd.name}: expected a number, got ${odd.kind}`)
}

const fitScaling = (
  codec: Codec,
  { scaling = 'standardise', steps = {} }: PipelineOptions,
  fitted: Omit<Unnamed, 'scaling'>,
  raw: RawColumns,
  crossed: Columns,
): NumberScaling => {
  const booleans = new Set(ofKind(codec, 'boolean').map(({ name }) => name))
  const fitter = scalingFitter({ method: scaling, clip: steps.clip !== false, indicators: steps.indicators !== false })
  let last: string | undefined
  for (const { source, column } of numberColumns(fitted, raw, crossed)) {
    fitter.add({ strategy: booleans.has(source) ? 'most-frequent' : 'median', first: source !== last }, column)
    last = source
  }
  return fitter.done()
}

/** `crossed` stands in for the columns of the target encodings. */
const featuresOf = (pipeline: Pipeline, raw: RawColumns, crossed?: Columns): Features => {
  const { form, scaling, hot, numbered, texts, sparse, features } = pipeline
  const terms = texts.reduce((sum, column) => sum + column.terms.length, 0)
  const columns = features.length - (sparse ? terms : 0)
  const X: Matrix = { rows: raw.rows, columns, values: new Float64Array(raw.rows * columns) }
  let place = 0
  const put = (column: Float64Array): void => {
    for (let row = 0; row < raw.rows; row++) X.values[row * columns + place] = column[row]!
    place += 1
  }
  const missing: Float64Array[] = []
  for (const { column } of numberColumns(pipeline, raw, crossed)) {
    if (scaling?.indicators.includes(place)) missing.push(column.map((value) => (Number.isNaN(value) ? 1 : 0)))
    put(scaling === undefined ? column : scaleColumn(scaling, place, column))
  }
  missing.forEach(put)
  for (const { name, ...levels } of hot) {
    // Most are 0, which the matrix is from the start.
    const at = hotPlaces(levels, raw.texts(name))
    for (let row = 0; row < raw.rows; row++) if (at[row]! >= 0) X.values[row * columns + place + at[row]!] = 1
    place += hotWidth(levels)
  }
  const level = ordinal(0, 'FP64')
  for (const { name, ...levels } of numbered) put(level.apply(levels, raw.texts(name)))
  const values = form === 'trees' ? 'counts' : 'tf-idf'
  if (sparse) return { ...X, sparse: sparseTexts(texts, values, raw) }
  if (terms > 0) denseTexts(texts, values, raw, X, place)
  if (form === 'scaled') return X
  const levels = numbered.map(({ levels, rare }) => levels.length + (rare ? 1 : 0))
  const before = place - levels.length
  return { ...X, levels: features.map((_, feature) => levels[feature - before] ?? 0), sources: pipeline.sources }
}
