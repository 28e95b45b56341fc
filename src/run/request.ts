import * as z from 'zod'
import { columnKindSchema } from '../dataset/column-codec.ts'
import { PercallError } from '../errors.ts'
import { estimators } from '../estimators/list.ts'
import { requireName } from '../model.ts'

const notYet = (what: string) => z.undefined({ error: `${what} is not available yet` }).optional()

const columnSchema = z
  .strictObject({
    kind: columnKindSchema.exactOptional(),
    format: z.string().exactOptional(),
    drop: z.boolean().exactOptional(),
  })
  .readonly()

const later = ['mlp', 'gbdt', 'forest']

const algorithmSchema = z.enum(['auto', 'linear', 'logistic'], {
  error: ({ input }) =>
    later.includes(String(input)) ? `${input} is not available yet` : 'expected auto, linear or logistic',
})

const hyperSchema = z.record(z.string(), z.unknown())

export const runRequestSchema = z
  .strictObject({
    model: z.string(),
    dataset: z.string(),
    /** The latest one by default. */
    datasetVersion: z.int().positive().optional(),
    target: z.string(),
    task: z.enum(['regression', 'binary', 'multiclass']).optional(),
    algorithms: z.array(algorithmSchema).length(1, 'expected one: several are not available yet').default(['auto']),
    parameters: z.strictObject({ linear: hyperSchema.optional(), logistic: hyperSchema.optional() }).default({}),
    preprocess: z.enum(['auto', 'none']).default('auto'),
    columns: z.record(z.string(), columnSchema).default({}),
    positive: z.union([z.string(), z.number(), z.boolean()]).optional(),
    split: z
      .strictObject({
        method: z
          .enum(['random', 'none'], {
            error: ({ input }) =>
              ['stratified', 'time', 'group'].includes(String(input))
                ? `${input} is not available yet`
                : 'expected random or none',
          })
          .default('random'),
        /** The column whose cells decide a row's side; its whole content by default. */
        key: z.string().optional(),
        column: notYet('the column of a time or group split'),
        gap: notYet('the gap of a time split'),
      })
      .default({ method: 'random' }),
    gate: z.enum(['auto', 'better', 'none']).default('auto'),
    seed: z.int().nonnegative().default(0),
    promote: z.boolean().default(true),
    fresh: z.boolean().default(false),
    engine: z
      .enum(['auto', 'lambda'], {
        error: ({ input }) =>
          ['batch', 'sagemaker'].includes(String(input)) ? `${input} is not available yet` : 'expected auto or lambda',
      })
      .default('auto'),
    metric: notYet('another metric'),
    weight: notYet('a weight column'),
    threshold: notYet('another threshold'),
    budget: notYet('a budget'),
    limits: notYet('a limit of size or latency'),
  })
  .readonly()

/** What the owner asked for, with defaults filled in. */
export type RunRequest = z.output<typeof runRequestSchema>

/** The body of POST /api/runs. Throws BAD_RUN with the field's name, BAD_NAME. */
export const parseRunRequest = (body: unknown): RunRequest => {
  const parsed = runRequestSchema.safeParse(body)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const where = issue?.path.length ? issue.path.join('.') : 'body'
    throw new PercallError('BAD_RUN', `${where}: ${issue?.message ?? 'not as expected'}`)
  }
  const request = parsed.data
  requireName('model', request.model)
  requireName('dataset', request.dataset)
  checkAlgorithm(request)
  return request
}

const checkAlgorithm = ({ algorithms, parameters, task, positive }: RunRequest): void => {
  const [algorithm = 'auto'] = algorithms
  if (task === 'regression' && positive !== undefined)
    throw new PercallError('BAD_RUN', `positive: expected none for regression, got ${positive}`)
  for (const [name, given] of Object.entries(parameters)) {
    if (given === undefined) continue
    if (algorithm !== 'auto' && name !== algorithm)
      throw new PercallError('BAD_RUN', `parameters.${name}: expected parameters of ${algorithm} only`)
    estimators[name as keyof typeof parameters].hyper(given)
  }
  if (algorithm === 'auto' || task === undefined) return
  const { tasks } = estimators[algorithm]
  if (!tasks.includes(task))
    throw new PercallError('BAD_RUN', `algorithms ${algorithm}: expected task ${tasks.join(' or ')}, got ${task}`)
}

/** What can be told from the names of the dataset's columns. Throws UNKNOWN_TARGET, UNKNOWN_COLUMN, BAD_RUN. */
export const checkRunColumns = ({ target, columns, split }: RunRequest, names: readonly string[]): void => {
  const all = names.join(', ')
  if (!names.includes(target)) throw new PercallError('UNKNOWN_TARGET', `target: expected one of ${all}, got ${target}`)
  const stranger = Object.keys(columns).find((name) => !names.includes(name))
  if (stranger !== undefined)
    throw new PercallError('UNKNOWN_COLUMN', `columns: expected names among ${all}, got ${stranger}`)
  if (columns[target]?.drop) throw new PercallError('BAD_RUN', `columns.${target}.drop: expected the target to stay`)
  if (split.key !== undefined && !names.includes(split.key))
    throw new PercallError('UNKNOWN_COLUMN', `split.key: expected one of ${all}, got ${split.key}`)
  if (names.every((name) => name === target || columns[name]?.drop))
    throw new PercallError('BAD_RUN', `columns: expected at least one beside ${target} to learn from, got none`)
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
