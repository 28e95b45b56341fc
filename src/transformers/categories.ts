import { crossFolds, type FoldSource } from './cross-folds.ts'
import { oneHot } from './one-hot.ts'
import { ordinal } from './ordinal.ts'
import type { Pipeline, PipelineOptions, PipelinePart } from './pipeline-shape.ts'
import type { RawColumns } from './raw-columns.ts'
import { crossEncode, targetEncode } from './target-encode.ts'
import type { Columns } from './transformer.ts'

/** Up to here a level has a column of its own; the states of the USA and the countries of Europe fit. */
const mostHot = 64
/** What fits beside missing in the byte of a histogram's bin. */
const mostNumbered = 255

/** Levels of fewer rows are one: a hundredth of a small table, ten rows of a large one. */
const rareShare = 0.01
const mostRareRows = 10

type Encoded = Pick<Pipeline, 'hot' | 'numbered' | 'targets'> & { readonly crossed: Columns }

/**
 * How each category becomes numbers: one-hot, or level numbers for trees; with too many levels encoded by the target
 * (for trees beside the numbers of the most frequent). `crossed`: the training rows' own encodings.
 */
export const fitCategories = (
  columns: readonly { readonly name: string }[],
  { form, seed, steps = {} }: PipelineOptions,
  wide: boolean,
  raw: RawColumns,
  part: PipelinePart,
  { targets, classes }: { readonly targets: Columns; readonly classes: readonly number[] },
): Encoded => {
  const distinct = columns.map(({ name }) => ({ name, levels: new Set(raw.texts(name)).size }))
  const many = distinct.filter(({ levels }) => levels > (form === 'trees' ? mostNumbered : mostHot))
  const few = form === 'trees' ? [] : distinct.filter(({ levels }) => levels <= mostHot)
  const leastRows = steps.rare === false ? 1 : Math.min(mostRareRows, Math.ceil(rareShare * raw.rows))
  const hot = oneHot(leastRows)
  const numbers = ordinal(mostNumbered, 'FP64')
  return {
    hot: few.map(({ name }) => ({ name, ...hot.fit(raw.texts(name)) })),
    numbered: form === 'trees' ? columns.map(({ name }) => ({ name, ...numbers.fit(raw.texts(name)) })) : [],
    ...encodeByTarget(many, wide, raw, part, seed, targets, classes),
  }
}

const encodeByTarget = (
  columns: readonly { readonly name: string }[],
  wide: boolean,
  raw: RawColumns,
  part: FoldSource & { readonly weights?: Float64Array },
  seed: number,
  targets: Columns,
  classes: readonly number[],
): Pick<Encoded, 'targets' | 'crossed'> => {
  if (columns.length === 0) return { targets: [], crossed: [] }
  const encoding = targetEncode(wide ? 'FP64' : 'FP32')
  const weights = part.weights ?? new Float64Array(raw.rows).fill(1)
  const folds = crossFolds(raw.rows, part, seed)
  const examples = columns.map(({ name }) => ({ column: raw.texts(name), targets, weights }))
  return {
    targets: columns.map(({ name }, place) => ({ name, classes, ...encoding.fit(examples[place]!) })),
    crossed: examples
      .flatMap((example) => crossEncode(example, folds))
      .map((column) => (wide ? column : column.map(Math.fround))),
  }
}
