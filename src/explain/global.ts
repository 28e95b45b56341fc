import type { Compute } from '../estimators/compute.ts'
import type { Matrix } from '../estimators/estimator.ts'
import type { Calibration } from '../metrics/calibration-bins.ts'
import { logLosses } from '../metrics/classification.ts'
import { evenWeights, weightedMean } from '../metrics/measure.ts'
import { defaultThreshold } from '../metrics/metric.ts'
import { createRandom, drawToFront } from '../random.ts'
import type { TabularManifest } from '../registry/manifest.ts'
import type { Signature } from '../registry/signature.ts'
import { answerMatrix, answerNames, positiveNumber } from '../run/answers.ts'
import type { Evaluation } from '../run/judge/evaluate.ts'
import { type Prepared, selectRows, trainRows } from '../run/prepared.ts'
import type { RunSpec } from '../run/spec.ts'
import { takeRows } from '../tensor/take-rows.ts'
import { type ColumnRange, columnRanges } from './column-range.ts'
import { explainRows } from './explain-rows.ts'
import type { Explainer } from './explainer-file.ts'
import type { RunRows } from './explanation.ts'
import type { GlobalExplanations, ShapImportance } from './global-file.ts'
import { type Dependence, partialDependence } from './partial-dependence.ts'
import {
  type AnswerRows,
  type PermutationImportance,
  permutationImportance,
  seededOrders,
} from './permutation-importance.ts'
import { type Surrogate, surrogate } from './surrogate.ts'

export type GlobalInput = {
  readonly spec: Pick<RunSpec, 'codec' | 'plan' | 'seed'> & { readonly target: Pick<RunSpec['target'], 'name'> }
  readonly manifest: TabularManifest
  readonly signature: Signature
  readonly prepared: Prepared
  /** The rows that the version was evaluated on. */
  readonly judged: { readonly on: Evaluation['on']; readonly part: Prepared }
  readonly calibration?: Calibration
  readonly explainer: Explainer
  /** Names of columns that hold personal data: nothing of their values is told. */
  readonly personal: readonly string[]
}

type Ports = { readonly runRows: RunRows; readonly compute: Compute }

const repeats = 5
const mostRows = 1000
const fewestRows = 50
/** Rows that importance may ask of the model, so that registering takes seconds; fewer where a row is many terms. */
const mostModelRows = { usual: 50_000, terms: 5_000 } as const
const strongestColumns = 6
const dependenceRows = 100
const singleRows = 20
const surrogateRows = 2000
const surrogateLeaves = 8
/** By permutation each row is hundreds of the model's. */
const mostShapRows = { exact: 50, permutation: 10 } as const

const importanceRows = ({ manifest, judged: { part } }: GlobalInput): number => {
  const most = manifest.rowsPerRun === undefined ? mostModelRows.usual : mostModelRows.terms
  const each = Math.floor(most / (repeats * Math.max(1, part.tensors.length)))
  return Math.min(part.y.length, mostRows, Math.max(fewestRows, each))
}

/** Some rows, drawn without replacement, in their order. */
const drawn = (prepared: Prepared, count: number, seed: number): Prepared => {
  const rows = prepared.y.length
  if (rows <= count) return prepared
  const order = Uint32Array.from({ length: rows }, (_, row) => row)
  const chosen = new Set(drawToFront(order, count, createRandom(seed)).subarray(0, count))
  return selectRows(prepared, (row) => chosen.has(row))
}

const lossOf =
  ({ y, weights = evenWeights(y.length) }: Prepared, isClasses: boolean) =>
  (answers: Matrix): number =>
    isClasses
      ? weightedMean(logLosses(y, answers), weights)
      : Math.sqrt(
          weightedMean(
            y.map((value, row) => (value - answers.values[row]!) ** 2),
            weights,
          ),
        )

/** The class whose curves of single rows are drawn: the positive one, else the most frequent. */
const shownClass = ({ spec: { plan }, judged: { part } }: GlobalInput): number => {
  const positive = positiveNumber(plan)
  if (plan.classes === null) return 0
  if (positive !== undefined) return positive
  const counts = plan.classes.map((_, k) => part.y.reduce((sum, label) => sum + (label === k ? 1 : 0), 0))
  return counts.indexOf(Math.max(...counts))
}

const dependences = async (
  { spec: { codec, seed }, judged: { part } }: GlobalInput,
  answer: AnswerRows,
  ranges: readonly ColumnRange[],
  { columns }: PermutationImportance,
  of: number,
): Promise<readonly Dependence[]> => {
  const { tensors } = drawn(part, dependenceRows, seed)
  const varied = columns
    .map(({ column }) => codec.columns.findIndex(({ name }) => name === column))
    .filter((place) => ranges[place]!.kind !== 'kept')
    .slice(0, strongestColumns)
  const found: Dependence[] = []
  for (const place of varied) {
    const asked = { place, range: ranges[place]!, column: codec.columns[place]!, curves: singleRows, of }
    const dependence = await partialDependence(answer, tensors, asked)
    if (dependence) found.push(dependence)
  }
  return found
}

/** Its rules name values, so columns of personal data have no part in it. */
const surrogateOf = async (
  { spec: { codec, plan, seed }, manifest, prepared, judged: { part }, personal }: GlobalInput,
  answer: AnswerRows,
  compute: Compute,
): Promise<Surrogate | undefined> => {
  const learned = drawn(trainRows(prepared), surrogateRows, seed).tensors
  const judged = drawn(part, surrogateRows, seed).tensors
  const positive = positiveNumber(plan)
  const columns = codec.columns.filter(({ name }) => !personal.includes(name))
  const input = {
    ...{ codec: { ...codec, columns }, leaves: surrogateLeaves, threshold: manifest.threshold ?? defaultThreshold },
    learned: { tensors: learned, answers: await answer(learned) },
    judged: { tensors: judged, answers: await answer(judged) },
    ...(plan.classes && { classes: plan.classes.map(String) }),
    ...(positive !== undefined && { positive }),
  }
  return await surrogate(input, compute)
}

const shapOf = async (
  { manifest, signature, explainer, spec: { seed } }: GlobalInput,
  runRows: RunRows,
): Promise<ShapImportance> => {
  const { tensors, weights } = explainer.background
  const most = explainer.members.length === 0 ? mostShapRows.permutation : mostShapRows.exact
  const kept = Uint32Array.from({ length: Math.min(weights.length, most) }, (_, row) => row)
  const request = { inputs: takeRows(tensors, kept), seed }
  const explained = await explainRows({ runRows })({ manifest, signature, explainer }, request)
  const { method, output, background, columns, rows } = explained
  const shares = weights.subarray(0, kept.length)
  const importance = (rows[0]?.contributions ?? []).map(({ name }, place) => {
    const sizes = Float64Array.from(rows, ({ contributions }) => Math.abs(contributions[place]!.contribution))
    const mean = weightedMean(sizes, shares)
    const variance = weightedMean(
      sizes.map((size) => (size - mean) ** 2),
      shares,
    )
    return { column: name, mean, standardError: Math.sqrt(variance / Math.max(1, kept.length - 1)) }
  })
  return {
    ...{ method, output, background, columns, rows: kept.length },
    importance: importance.toSorted((a, b) => b.mean - a.mean),
  }
}

/**
 * What a fitted model says of itself as a whole: which columns matter, how answers depend on the strongest, rules that
 * come near them, and how often its probabilities come true. The same input gives the same answer.
 */
export const explainGlobally =
  ({ runRows, compute }: Ports) =>
  async (input: GlobalInput): Promise<GlobalExplanations> => {
    const { spec, manifest, prepared, judged, calibration, personal } = input
    const { plan, seed, codec, target } = spec
    const [name] = answerNames(manifest)
    const answer: AnswerRows = async (tensors) => answerMatrix(manifest, await runRows(tensors, [name!]))
    const part = drawn(judged.part, importanceRows(input), seed)
    const isClasses = plan.classes !== null
    const orders = seededOrders(part.y.length, seed)
    const permutation = await permutationImportance(answer, part.tensors, lossOf(part, isClasses), { repeats, orders })
    const ranges = columnRanges(codec, trainRows(prepared).tensors, personal)
    const leftOut: string[] = []
    const without = (what: string) => (thrown: unknown) => {
      leftOut.push(`${what}: ${thrown instanceof Error ? thrown.message : thrown}`)
      return undefined
    }
    const noRules = new Error('more than ten classes, or nothing but personal data')
    const rules = await surrogateOf(input, answer, compute)
      .then((own) => own ?? Promise.reject(noRules))
      .catch(without('surrogate'))
    const shap = await shapOf(input, runRows).catch(without('shap'))
    const dependence = await dependences(input, answer, ranges, permutation, shownClass(input)).catch(
      without('dependence'),
    )
    return {
      ...{ schema: 1, on: judged.on, rows: part.y.length, target: target.name },
      ...(plan.classes && { classes: plan.classes.map(String) }),
      permutation: { ...permutation, loss: isClasses ? 'logLoss' : 'rmse' },
      ...(shap && { shap }),
      dependence: dependence ?? [],
      ...(rules && { surrogate: rules }),
      ...(calibration && { calibration }),
      ranges,
      leftOut,
    }
  }
