import { InvalidArgumentError } from 'commander'

/** `"12"` -> 12. */
export const wholeNumber = (text: string): number => {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('expected a whole number.')
  return Number(text)
}

/** `"0.5"` -> 0.5. */
export const decimalNumber = (text: string): number => {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (!Number.isFinite(value)) throw new InvalidArgumentError('expected a number.')
  return value
}

/** Gathers an option that may be given many times. */
export const gather = (text: string, before: readonly string[] = []): readonly string[] => [...before, text]

/** `"C=kind"` -> ["C", "kind"]; a column's name may contain `=`, so the last one separates. */
const splitPair = (text: string): readonly [string, string] => {
  const at = text.lastIndexOf('=')
  if (at < 1) throw new InvalidArgumentError('expected NAME=VALUE.')
  return [text.slice(0, at), text.slice(at + 1)]
}

/** Gathers an option NAME=VALUE that may be given many times. */
export const gatherPairs = (
  text: string,
  before: readonly (readonly [string, string])[] = [],
): readonly (readonly [string, string])[] => [...before, splitPair(text)]
