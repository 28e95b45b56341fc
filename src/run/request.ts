import * as z from 'zod'
import { columnKindSchema } from '../dataset/column-codec.ts'
import { PercallError } from '../errors.ts'
import { estimators } from '../estimators/list.ts'
import { policyPattern } from '../optimise/policy.ts'
import { requireName } from '../registry/model.ts'
import { schemaWords } from '../schema-words.ts'
import type { ThresholdRule } from './blend/threshold.ts'
import { durationMs, durationPattern } from './duration.ts'
import { engineNames } from './engine/engine-sizes.ts'
import { checkOneTask, checkTask, metricNames } from './fits-task.ts'

const columnSchema = z
  .strictObject({
    kind: columnKindSchema.exactOptional(),
    format: z.string().exactOptional(),
    drop: z.boolean().exactOptional(),
  })
  .readonly()

export const algorithmNames = ['linear', 'logistic', 'mlp', 'gbdt', 'forest'] as const

const algorithmSchema = z.enum(['auto', ...algorithmNames])

const hyperSchema = z.record(z.string(), z.unknown())

const duration = (example: string) => z.string().regex(durationPattern, `expected a duration such as ${example}`)

/** The rule of the label's threshold: the best F1, or the least cost of false positives and false negatives. */
const thresholdPattern = /^(f1|cost:(\d+(?:\.\d+)?),(\d+(?:\.\d+)?))$/

const splitSchema = z.strictObject({
  method: z.enum(['random', 'stratified', 'time', 'group', 'none']).default('random'),
  /** The column whose cells decide a row's side; its content but for the target by default. */
  key: z.string().optional(),
  /** Of the moment (time) or the group (group) of a row. */
  column: z.string().optional(),
  /** Between what is learned from and what is tested, of a split by time. */
  gap: duration('7d').optional(),
})

export const runRequestSchema = z
  .strictObject({
    model: z.string(),
    dataset: z.string(),
    /** The latest one by default. */
    datasetVersion: z.int().positive().optional(),
    target: z.string(),
    task: z.enum(['regression', 'binary', 'multiclass']).optional(),
    algorithms: z.array(algorithmSchema).min(1, 'expected at least one').default(['auto']),
    parameters: z.partialRecord(z.enum(algorithmNames), hyperSchema).default({}),
    preprocess: z.enum(['auto', 'none']).default('auto'),
    columns: z.record(z.string(), columnSchema).default({}),
    positive: z.union([z.string(), z.number(), z.boolean()]).optional(),
    /** The column of each row's weight. */
    weight: z.string().optional(),
    /** What each row of a class weighs in a fit, besides its own weight: n / (classes x rows of the class), or by label. */
    classWeight: z.union([z.literal('balanced'), z.record(z.string(), z.number().positive())]).optional(),
    split: splitSchema.default({ method: 'random' }),
    metric: z.enum(metricNames).optional(),
    gate: z.enum(['auto', 'better', 'none']).default('auto'),
    threshold: z.string().regex(thresholdPattern, 'expected f1, or cost:FP,FN such as cost:1,5').optional(),
    /** The share of true values that a regression's interval should hold. */
    interval: z.number().gt(0).lt(1).optional(),
    /** How long the search of several trials may take. */
    budget: duration('5m').optional(),
    limits: z
      .strictObject({
        latencyMs: z.number().positive().exactOptional(),
        sizeBytes: z.int().positive().exactOptional(),
      })
      .optional(),
    /** Whether several trials may be blended; true by default. */
    ensemble: z.boolean().optional(),
    /** Which variant of the exported graph serves. */
    optimise: z.string().regex(policyPattern, 'expected exact, smallest:0.1% or fastest:0.1%').default('exact'),
    seed: z.int().nonnegative().default(0),
    promote: z.boolean().default(true),
    fresh: z.boolean().default(false),
    /** Where it is fitted. */
    engine: z.enum(['auto', ...engineNames], { error: `expected auto, ${engineNames.join(' or ')}` }).default('auto'),
  })
  .readonly()

/** What the owner asked for, with defaults filled in. */
export type RunRequest = z.output<typeof runRequestSchema>

/** The body of POST /api/runs. Throws BAD_RUN with the field's name, BAD_NAME. */
export const parseRunRequest = (body: unknown): RunRequest => {
  const parsed = runRequestSchema.safeParse(body, { error: schemaWords })
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const where = issue?.path.length ? issue.path.join('.') : 'body'
    refuse(where, issue?.message ?? 'not as expected')
  }
  const request = parsed.data!
  requireName('model', request.model)
  requireName('dataset', request.dataset)
  checkAlgorithms(request)
  if (request.task === undefined) checkOneTask(request)
  else checkTask(request, request.task)
  checkSplit(request)
  return request
}

const refuse = (where: string, what: string): never => {
  throw new PercallError('BAD_RUN', `${where}: ${what}`)
}

const checkAlgorithms = ({ algorithms, parameters }: RunRequest): void => {
  const auto = algorithms.includes('auto')
  if (new Set(algorithms).size < algorithms.length || (auto && algorithms.length > 1))
    refuse('algorithms', `expected auto alone or each algorithm once, got ${algorithms.join(', ')}`)
  for (const name of algorithmNames) {
    const given = parameters[name]
    if (given === undefined) continue
    if (!auto && !algorithms.includes(name))
      refuse(`parameters.${name}`, `expected parameters of ${algorithms.join(', ')} only`)
    estimators[name].hyper(given)
  }
}

const checkSplit = ({ split: { method, column, key, gap } }: RunRequest): void => {
  const byColumn = method === 'time' || method === 'group'
  if (byColumn && column === undefined) refuse('split.column', `expected the column of a split by ${method}, got none`)
  if (!byColumn && column !== undefined) refuse('split.column', `expected none for ${method}, got ${column}`)
  if (method !== 'time' && gap !== undefined) refuse('split.gap', `expected none for ${method}, got ${gap}`)
  if (byColumn && key !== undefined) refuse('split.key', `expected none for ${method}, whose column is its key`)
}

/** What can be told from the names of the dataset's columns. Throws UNKNOWN_TARGET, UNKNOWN_COLUMN, BAD_RUN. */
export const checkRunColumns = ({ target, columns, split, weight }: RunRequest, names: readonly string[]): void => {
  const all = names.join(', ')
  if (!names.includes(target)) throw new PercallError('UNKNOWN_TARGET', `target: expected one of ${all}, got ${target}`)
  const stranger = Object.keys(columns).find((name) => !names.includes(name))
  if (stranger !== undefined)
    throw new PercallError('UNKNOWN_COLUMN', `columns: expected names among ${all}, got ${stranger}`)
  if (columns[target]?.drop) refuse(`columns.${target}.drop`, 'expected the target to stay')
  const named = { 'split.key': split.key, 'split.column': split.column, weight }
  for (const [field, column] of Object.entries(named)) {
    if (column !== undefined && !names.includes(column))
      throw new PercallError('UNKNOWN_COLUMN', `${field}: expected one of ${all}, got ${column}`)
  }
  if (weight === target) refuse('weight', `expected another column than the target ${target}`)
  if (names.every((name) => name === target || name === weight || columns[name]?.drop))
    refuse('columns', `expected at least one beside ${target} to learn from, got none`)
}

/** Milliseconds that the search may take; undefined where none were named. */
export const budgetMsOf = ({ budget }: RunRequest): number | undefined =>
  budget === undefined ? undefined : durationMs(budget)

/** Seconds between what is learned from and what is tested. */
export const gapSecondsOf = ({ split: { gap } }: RunRequest): number =>
  gap === undefined ? 0 : Math.ceil(durationMs(gap)! / 1000)

/** How the label's threshold is chosen; undefined for one half. Costs are those of a false positive and a false negative. */
export const thresholdRuleOf = ({ threshold }: RunRequest): ThresholdRule | undefined => {
  if (threshold === undefined) return undefined
  const [, , falsePositive, falseNegative] = thresholdPattern.exec(threshold) ?? []
  if (falsePositive === undefined) return { kind: 'f1' }
  return { kind: 'cost', costs: [Number(falsePositive), Number(falseNegative)] }
}

/** The text whose hash tells equal runs: all that decides the result, members in one order. */
export const samenessText = (request: RunRequest, datasetVersion: number, codeVersion: string): string => {
  const { fresh: _, datasetVersion: __, engine: ___, ...decides } = request
  return JSON.stringify(sorted({ ...decides, datasetVersion, codeVersion }))
}

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(
    entries.map(([key, member]) => [key, sorted(member)] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}
