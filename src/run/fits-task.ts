import { PercallError } from '../errors.ts'
import { estimators } from '../estimators/list.ts'
import type { MetricName } from '../metrics/metric.ts'
import type { Algorithm, Task } from '../task.ts'

/** Metrics that a gate may compare, by the tasks that have them. */
const gateMetrics: Readonly<Record<Task, readonly MetricName[]>> = {
  regression: ['rmse', 'mae', 'medianAbsoluteError', 'r2'],
  binary: ['logLoss', 'brier', 'accuracy', 'balancedAccuracy', 'macroF1', 'rocAuc', 'averagePrecision'],
  multiclass: ['logLoss', 'brier', 'accuracy', 'balancedAccuracy', 'macroF1', 'rocAuc'],
}

export const metricNames = [...new Set(Object.values(gateMetrics).flat())]

/** Members of a run's request that not every task has. */
type Wishes = {
  readonly algorithms: readonly ('auto' | Algorithm)[]
  readonly positive?: unknown
  readonly classWeight?: unknown
  readonly threshold?: string | undefined
  readonly interval?: number | undefined
  readonly metric?: MetricName | undefined
}

type Wish = {
  /** Of the request. */
  readonly field: string
  readonly got: string
  readonly tasks: readonly Task[]
  readonly refusal: (task: Task) => string
}

const allTasks: readonly Task[] = ['regression', 'binary', 'multiclass']

const noneFor = (got: unknown) => (task: Task) => `expected none for ${task}, got ${got}`

const wishesOf = ({ algorithms, positive, classWeight, threshold, interval, metric }: Wishes): readonly Wish[] => {
  const only = (field: string, value: unknown, ...tasks: readonly Task[]): readonly Wish[] => {
    const got = typeof value === 'object' ? JSON.stringify(value) : String(value)
    return value === undefined ? [] : [{ field, got, tasks, refusal: noneFor(got) }]
  }
  const named = algorithms.filter((name) => name !== 'auto')
  return [
    ...only('positive', positive, 'binary'),
    ...only('classWeight', classWeight, 'binary', 'multiclass'),
    ...only('threshold', threshold, 'binary'),
    ...only('interval', interval, 'regression'),
    ...(metric === undefined
      ? []
      : only('metric', metric, ...allTasks.filter((task) => gateMetrics[task].includes(metric))).map((wish) => ({
          ...wish,
          refusal: (task: Task) => `expected one of ${gateMetrics[task].join(', ')} for ${task}, got ${metric}`,
        }))),
    ...named.map((name) => {
      const { tasks } = estimators[name]
      const refusal = (task: Task) => `expected task ${tasks.join(' or ')}, got ${task}`
      return { field: `algorithms ${name}`, got: name, tasks, refusal }
    }),
  ]
}

const refuse = (field: string, what: string): never => {
  throw new PercallError('BAD_RUN', `${field}: ${what}`)
}

/** Throws BAD_RUN for a member that a task does not have. `target` is the column that the task was told by, where none was named. */
export const checkTask = (request: Wishes, task: Task, target?: string): void => {
  const wrong = wishesOf(request).find(({ tasks }) => !tasks.includes(task))
  if (!wrong) return
  const { field, refusal, tasks } = wrong
  // More than two classes are no binary target, whatever task is named.
  const isOfTwo = task === 'multiclass' && tasks.every((one) => one === 'binary')
  const other = isOfTwo ? 'take a target of two classes' : `name task ${tasks.join(' or ')} if they are meant so`
  const next = `leave ${field.split(' ')[0]} out, or ${other}`
  const told = target === undefined ? '' : `; the values of target ${target} make it ${task}: ${next}`
  refuse(field, `${refusal(task)}${told}`)
}

/** Throws BAD_RUN where the members ask for different tasks, so that no target could suit them. */
export const checkOneTask = (request: Wishes): void => {
  const wishes = wishesOf(request)
  let left = allTasks
  for (const { field, got, tasks } of wishes) {
    const before = left
    left = left.filter((task) => tasks.includes(task))
    if (left.length > 0) continue
    refuse(
      field,
      `expected what ${before.join(' or ')} has, as the other fields ask for, got ${got} of ${tasks.join(' or ')}`,
    )
  }
}
