import type { RunBody } from '../client/training.ts'

const metricsText = (metrics: Readonly<Record<string, number>> = {}): string =>
  Object.entries(metrics)
    .map(([name, value]) => `${name} ${value.toPrecision(4)}`)
    .join(', ')

/** How a run ended, or how far it is, in a few words. */
export const outcomeText = ({ model, state, step, progress, failure, gate, metrics, version }: RunBody): string => {
  if (state === 'failed') return `at ${failure?.step ?? 'the start'}: ${failure?.cause ?? 'for a reason unknown'}`
  if (state === 'rejected') return `by the gate: ${gate?.reason ?? 'for a reason unknown'}`
  if (state === 'succeeded')
    return [version === undefined ? '' : `${model}/${version}`, metricsText(metrics)].filter(Boolean).join('; ')
  if (state === 'cancelled') return ''
  const share = progress ? ` ${progress.done} of ${progress.of}` : ''
  return `${step ?? ''}${share}${progress?.loss === undefined ? '' : `, loss ${progress.loss.toPrecision(6)}`}`
}

/** All that is known of a run, a line for each thing. */
export const runText = (run: RunBody, notices: readonly string[]): string => {
  const { id, model, dataset, target, state, step, progress, gate, failure, metrics, version, promoted } = run
  const share = progress ? `${progress.done} of ${progress.of}` : undefined
  const loss = progress?.loss === undefined ? undefined : `loss ${progress.loss.toPrecision(6)}`
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['run', id],
    ['model', version === undefined ? model : `${model}/${version}${promoted ? ', promoted to live' : ''}`],
    ['dataset', target === undefined ? dataset : `${dataset}, target ${target}`],
    ['state', state],
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
  return known.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n')
}
