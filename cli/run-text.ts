import type { RunBody, TrialBody } from '../client/training.ts'
import type { RunReasonBody } from '../client/triggers.ts'
import { type MetricName, metricValue } from '../src/metrics/metric.ts'
import { engineFacts } from '../src/run/engine/engine.ts'
import { table } from './table.ts'

const metricsText = (metrics: Readonly<Record<string, number>> = {}): string =>
  Object.entries(metrics)
    .map(([name, value]) => `${name} ${value.toPrecision(4)}`)
    .join(', ')

const msPerSecond = 1000
const bytesPerKb = 1024

/** Seconds, or minutes and seconds. */
const durationText = (ms: number): string => {
  const seconds = Math.ceil(ms / msPerSecond)
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

const rounded = (value: number | undefined, digits: number): string | undefined => value?.toPrecision(digits)

/** Trials from the least loss on, each with the metric itself; those that answer show their share. */
export const leaderboardText = (trials: readonly TrialBody[]): string =>
  table(
    ['trial', 'algorithm', trials[0]?.metric ?? 'loss', 'spread', 'iterations', 'fit s', 'KB', 'ms a row', 'share'],
    trials.map((trial) => [
      trial.trialId,
      trial.algorithm,
      rounded(trial.loss === undefined ? undefined : metricValue(trial.metric as MetricName, trial.loss), 5) ??
        trial.failure, // a service of a later release may have others, whose loss is their value
      rounded(trial.spread, 2),
      trial.iterations,
      rounded(trial.fitMs / msPerSecond, 3),
      trial.sizeBytes === undefined ? undefined : (trial.sizeBytes / bytesPerKb).toFixed(1),
      rounded(trial.latencyMs, 2),
      rounded(trial.weight, 2),
    ]),
  )

/** The steps that count their iterations; after them the last count stands still. */
const counted = ['fit', 'refit']

/** What is counted of a run now; nothing between its fits. */
export const progressOf = ({ step = '', progress }: RunBody): RunBody['progress'] =>
  counted.includes(step) ? progress : undefined

/** How a run ended, or how far it is, in a few words. */
export const outcomeText = (run: RunBody): string => {
  const { model, state, step, failure, gate, metrics, version } = run
  const progress = progressOf(run)
  if (state === 'failed') return `at ${failure?.step ?? 'the start'}: ${failure?.cause ?? 'for a reason unknown'}`
  if (state === 'rejected') return `by the gate: ${gate?.reason ?? 'for a reason unknown'}`
  if (state === 'succeeded')
    return [version === undefined ? '' : `${model}/${version}`, metricsText(metrics)].filter(Boolean).join('; ')
  if (state === 'cancelled') return ''
  const share = progress ? ` ${progress.done} of ${progress.of}` : ''
  const loss = progress?.loss === undefined ? '' : `, loss ${progress.loss.toPrecision(6)}`
  const left = progress?.leftMs === undefined ? '' : `, about ${durationText(progress.leftMs)} left`
  return `${step ?? ''}${share}${loss}${left}`
}

/** Why a run was started, or considered, by itself. */
export const reasonText = (reason: RunReasonBody): string => {
  if (reason.kind === 'dataset') return `object ${reason.key}`
  return `due ${reason.dueAt}${reason.missed > 0 ? `, with ${reason.missed} missed before it` : ''}`
}

/** All that is known of a run, a line for each thing. */
export const runText = (run: RunBody, notices: readonly string[]): string => {
  const { id, model, dataset, target, reason, state, step, progress, gate, failure, metrics, version, promoted } = run
  const share = progress ? `${progress.done} of ${progress.of}` : undefined
  const loss = progress?.loss === undefined ? undefined : `loss ${progress.loss.toPrecision(6)}`
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['run', id],
    ['model', version === undefined ? model : `${model}/${version}${promoted ? ', promoted to live' : ''}`],
    ['dataset', target === undefined ? dataset : `${dataset}, target ${target}`],
    ['reason', reason && reasonText(reason)],
    ['state', state],
    ['engine', run.engine && engineFacts(run.engine)],
    ['step', [step, share, loss].filter(Boolean).join(', ')],
    ['gate', gate && `${gate.verdict}: ${gate.reason}`],
    ['failure', failure && `${failure.code} at ${failure.step}: ${failure.cause}`],
    ...Object.entries(metrics ?? {}).map(([name, value]) => [name, String(value)] as const),
    ...notices.map((text) => ['notice', text] as const),
    ['created', run.createdAt],
    ['ended', run.endedAt],
  ]
  const known = facts.filter(([, value]) => value)
  const width = Math.max(...known.map(([name]) => name.length))
  const lines = known.map(([name, value]) => `${name.padEnd(width)}  ${value}`)
  const trials = run.leaderboard ?? []
  return [...lines, ...(trials.length === 0 ? [] : ['', leaderboardText(trials)])].join('\n')
}
