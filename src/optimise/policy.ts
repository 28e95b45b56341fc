import { PercallError } from '../errors.ts'

/** Which variant of a graph serves. `tolerance` is a share: 0.001 for 0.1 %. */
export type Policy = { readonly kind: 'exact' } | { readonly kind: 'smallest' | 'fastest'; readonly tolerance: number }

/** `exact`, `smallest:0.1%` or `fastest:0.1%`. */
export const policyPattern = /^(?:exact|(?:smallest|fastest):\d{1,2}(?:\.\d{1,4})?%)$/

/** Throws BAD_REQUEST for other texts. */
export const parsePolicy = (text: string): Policy => {
  if (!policyPattern.test(text))
    throw new PercallError('BAD_REQUEST', `policy: expected exact, smallest:0.1% or fastest:0.1%, got ${text}`)
  const [kind, percent] = text.split(':')
  if (kind !== 'smallest' && kind !== 'fastest') return { kind: 'exact' }
  return { kind, tolerance: Number.parseFloat(percent ?? '') / 100 }
}
