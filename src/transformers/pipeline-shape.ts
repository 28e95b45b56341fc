import type { Tensor } from '../tensor/tensor.ts'
import type { FoldSource } from './cross-folds.ts'
import type { DatePart } from './date-parts.ts'
import type { HotLevels } from './one-hot.ts'
import type { NumberedLevels } from './ordinal.ts'
import type { NumberScaling, ScalingMethod } from './scale-numbers.ts'
import type { EncodedLevels } from './target-encode.ts'
import type { TextColumn } from './text-block.ts'

/** auto: what each kind of column needs; none: numbers go in as they are, other kinds are refused. */
export type Preprocess = 'auto' | 'none'

/** scaled: every value a finite float64; trees: raw numbers and level numbers, NaN for missing. */
export type Form = 'scaled' | 'trees'

/** One raw column with what was fitted for it. */
type Named<Fitted> = { readonly name: string } & Fitted

/**
 * A fitted pipeline; plain JSON. Features lie in the order numbers (true and false among them), date parts, ordinals,
 * target encodings, indicators of missing numbers, one-hot or numbered levels, terms.
 */
export type Pipeline = {
  readonly preprocess: Preprocess
  readonly form: Form
  /** Whether the features are float64 in a graph: always when scaled; of trees when a number's input is wider than FP32. */
  readonly wide: boolean
  /** Grouped by datatype (FP32, FP64, INT64), so that the graph casts each group once. */
  readonly numbers: readonly string[]
  readonly dates: readonly Named<{ readonly parts: readonly DatePart[] }>[]
  readonly ordinals: readonly Named<NumberedLevels>[]
  /** `classes`: the class number of each encoded column; none for a regression. */
  readonly targets: readonly Named<EncodedLevels & { readonly classes: readonly number[] }>[]
  /** Of all the features above; absent for none and for trees. */
  readonly scaling?: NumberScaling
  readonly hot: readonly Named<HotLevels>[]
  readonly numbered: readonly Named<NumberedLevels>[]
  readonly texts: readonly TextColumn[]
  /** Whether the terms lie behind the dense features in a sparse block. */
  readonly sparse: boolean
  /** Names of the features, the terms among them, and the raw column that each comes from. */
  readonly features: readonly string[]
  readonly sources: readonly string[]
}

export type PipelineOptions = {
  readonly preprocess: Preprocess
  readonly form: Form
  /** Decides the folds of target encoding where the part brings none. */
  readonly seed: number
  /** Absent for regression. */
  readonly classes?: number
  /** sparse: up to 20,000 terms in a sparse block; else the 256 best are dense columns. For `scaled` only. */
  readonly terms?: 'sparse' | 'best'
  readonly scaling?: ScalingMethod
  /** Leaves steps out, as scikit-learn's usual pipeline does; all on by default. */
  readonly steps?: {
    readonly indicators?: boolean
    readonly clip?: boolean
    readonly cycles?: boolean
    readonly rare?: boolean
  }
}

/** The training rows: the codec's tensors [n, 1], the targets [n], and which rows may know of each other's. */
export type PipelinePart = FoldSource & {
  readonly tensors: readonly Tensor[]
  readonly y: Float64Array
  readonly weights?: Float64Array
}

/** A pipeline before its features have names. */
export type Unnamed = Omit<Pipeline, 'features' | 'sources'>
