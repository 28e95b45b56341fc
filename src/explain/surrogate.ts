import type { Codec } from '../dataset/codec.ts'
import type { Compute } from '../estimators/compute.ts'
import type { Matrix } from '../estimators/estimator.ts'
import { gbdt } from '../estimators/gbdt.ts'
import { everyNumber, type Tree, type TreeModel } from '../estimators/trees/tree.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { applyPipeline, fitPipeline, type Pipeline } from '../transformers/pipeline.ts'

/** One test of a rule. `missing`: whether a row without the value passes it. */
export type Condition = {
  /** `Weight`, `Year month`, `comment~word`. */
  readonly feature: string
  readonly missing: boolean
} & (
  | { readonly test: 'at most' | 'above'; readonly value: number }
  | { readonly test: 'one of' | 'none of'; readonly levels: readonly string[] }
  | { readonly test: 'is there' | 'is missing' }
)

/** A row that passes all conditions is answered so; the rules of a list do not overlap. */
export type Rule = { readonly conditions: readonly Condition[]; readonly answer: number; readonly rows: number }

export type Surrogate = {
  /** One list for a value or for the positive class's probability; else one for the probability of each class. */
  readonly lists: readonly { readonly of?: string; readonly rules: readonly Rule[] }[]
  readonly leaves: number
  readonly fidelity: {
    /** Share of the model's answers' variance that the rules tell, over all lists; 1 - residuals / total. */
    readonly r2: number
    /** Share of rows that both answer with the same class. */
    readonly agreement?: number
    /** Of a rule that always answers the most frequent class. */
    readonly constantAgreement?: number
    readonly rows: number
  }
}

export type SurrogateInput = {
  readonly codec: Codec
  /** Rows to learn from and others to be judged on, with the model's answers [n, 1] or [n, K]. */
  readonly learned: { readonly tensors: readonly Tensor[]; readonly answers: Matrix }
  readonly judged: { readonly tensors: readonly Tensor[]; readonly answers: Matrix }
  /** Of classes: their names, and for two of them the number of the positive one. */
  readonly classes?: readonly string[]
  readonly positive?: number
  /** The probability from which two classes are answered with the positive one. */
  readonly threshold: number
  readonly leaves: number
}

/** More lists of rules than this are no simplification. */
const mostLists = 10

/** One tree that answers the mean of each leaf: a round of boosting without shrinkage. */
const hyperOf = (leaves: number) =>
  gbdt.hyper({ iterations: 1, learningRate: 1, leaves, l2: 0, minHessian: 0, categorySmoothing: 0 })

const column = ({ rows, columns, values }: Matrix, k: number): Float64Array =>
  Float64Array.from({ length: rows }, (_, row) => values[row * columns + k]!)

type Fitted = { readonly pipeline: Pipeline; readonly model: TreeModel; readonly answers: Float64Array }

const fitOne = async (
  { codec, learned, judged, leaves }: SurrogateInput,
  k: number,
  compute: Compute,
): Promise<Fitted> => {
  const y = column(learned.answers, k)
  const options = { preprocess: 'auto', form: 'trees', seed: 0 } as const
  const { pipeline, X } = fitPipeline(codec, options, { tensors: learned.tensors, y })
  const fitting = await gbdt.open(hyperOf(leaves), { X, y }, compute)
  try {
    const { state } = await fitting.step(await fitting.start(), { iterations: 1 })
    const model = gbdt.model(state)
    return { pipeline, model, answers: gbdt.margins(model, applyPipeline(pipeline, judged.tensors)).values }
  } finally {
    await fitting.close()
  }
}

/** Levels by their number; none for a feature of numbers. Terms come last, levels before them. */
const levelsOf = ({ numbered, texts, features }: Pipeline, feature: number): readonly string[] => {
  const terms = texts.reduce((sum, text) => sum + text.terms.length, 0)
  const found = numbered[feature - (features.length - terms - numbered.length)]
  return found ? [...found.levels, ...(found.rare ? ['(rare)'] : [])] : []
}

/** The test of an inner node, as it reads on its left and on its right side. */
const conditionsOf = (
  { pipeline, model }: Fitted,
  tree: Tree,
  node: number,
): readonly [left: Condition, right: Condition] => {
  const place = tree.feature[node]!
  const feature = pipeline.features[place]!
  const threshold = tree.threshold[node]!
  const missingLeft = tree.missingLeft[node] === 1
  if (model.levels[place]! > 0) {
    const all = levelsOf(pipeline, place)
    const levels = tree.sets[threshold]!.map((level) => all[level]!)
    return [
      { feature, test: 'one of', levels, missing: missingLeft },
      { feature, test: 'none of', levels, missing: !missingLeft },
    ]
  }
  if (threshold === everyNumber)
    return [
      { feature, test: 'is there', missing: false },
      { feature, test: 'is missing', missing: true },
    ]
  return [
    { feature, test: 'at most', value: threshold, missing: missingLeft },
    { feature, test: 'above', value: threshold, missing: !missingLeft },
  ]
}

/** With one more condition; of two thresholds of one feature and side the narrower holds, and a missing value must pass both. */
const narrowed = (conditions: readonly Condition[], added: Condition): readonly Condition[] => {
  const at = conditions.findIndex(({ feature, test }) => feature === added.feature && test === added.test)
  const known = conditions[at]
  if (known === undefined || !('value' in known) || !('value' in added)) return [...conditions, added]
  const value = added.test === 'at most' ? Math.min(known.value, added.value) : Math.max(known.value, added.value)
  return conditions.with(at, { ...added, value, missing: known.missing && added.missing })
}

const rulesOf = (fitted: Fitted): readonly Rule[] => {
  const tree = fitted.model.trees[0]!
  const base = fitted.model.base[0]!
  const walk = (at: number, conditions: readonly Condition[]): readonly Rule[] => {
    if (at < 0 || tree.feature.length === 0) {
      const leaf = at < 0 ? ~at : 0
      return [{ conditions, answer: base + tree.value[leaf]!, rows: tree.rows[leaf]! }]
    }
    const [left, right] = conditionsOf(fitted, tree, at)
    return [...walk(tree.left[at]!, narrowed(conditions, left)), ...walk(tree.right[at]!, narrowed(conditions, right))]
  }
  return walk(0, []).toSorted((a, b) => b.answer - a.answer)
}

/** 1 - residuals / total, each output about its own mean; 1 where nothing varies and nothing is missed. */
const r2Of = (pairs: readonly (readonly [model: Float64Array, rules: Float64Array])[]): number => {
  let residual = 0
  let total = 0
  for (const [model, rules] of pairs) {
    const mean = model.reduce((sum, value) => sum + value, 0) / model.length
    model.forEach((value, row) => {
      residual += (value - rules[row]!) ** 2
      total += (value - mean) ** 2
    })
  }
  return total > 0 ? 1 - residual / total : residual === 0 ? 1 : 0
}

const mostLikely = (columns: readonly Float64Array[], row: number): number => {
  const own = columns.map((values) => values[row]!)
  return own.indexOf(Math.max(...own))
}

/** The class of each row: of two of them by the positive one's probability, else the most likely. */
const classesOf = (columns: readonly Float64Array[], rows: number, threshold: number): Uint32Array =>
  Uint32Array.from({ length: rows }, (_, row) =>
    columns.length === 1 ? Number(columns[0]![row]! >= threshold) : mostLikely(columns, row),
  )

const agreementOf = (
  model: readonly Float64Array[],
  rules: readonly Float64Array[],
  rows: number,
  threshold: number,
) => {
  const [own, other] = [classesOf(model, rows, threshold), classesOf(rules, rows, threshold)]
  const counts = new Map<number, number>()
  for (const label of own) counts.set(label, (counts.get(label) ?? 0) + 1)
  const agreed = own.reduce((sum, label, row) => sum + (label === other[row] ? 1 : 0), 0)
  return { agreement: agreed / rows, constantAgreement: Math.max(...counts.values()) / rows }
}

/**
 * Rules of a bounded number that answer about as the model does, and how well they do on rows that they were not made
 * from: a regression tree of its answers, one for each class where there are more than two. Craven and Shavlik (1996).
 * Undefined for more than ten classes, and without columns.
 */
export const surrogate = async (input: SurrogateInput, compute: Compute): Promise<Surrogate | undefined> => {
  const { judged, classes, positive, threshold, leaves } = input
  const columns = classes === undefined ? [0] : positive === undefined ? [...classes.keys()] : [positive]
  if (columns.length > mostLists || input.codec.columns.length === 0) return undefined
  const fitted: Fitted[] = []
  for (const k of columns) fitted.push(await fitOne(input, k, compute))
  const { rows } = judged.answers
  const model = columns.map((k) => column(judged.answers, k))
  const rules = fitted.map(({ answers }) => answers)
  return {
    lists: fitted.map((one, at) => ({ ...(classes && { of: classes[columns[at]!]! }), rules: rulesOf(one) })),
    leaves,
    fidelity: {
      r2: r2Of(model.map((values, at) => [values, rules[at]!])),
      ...(classes && agreementOf(model, rules, rows, threshold)),
      rows,
    },
  }
}
