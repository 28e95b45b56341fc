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
