import type { z } from 'zod'

type Issue = Parameters<z.core.$ZodErrorMap>[0]

const longest = 40

/** A value as a sentence quotes it, cut to a line. */
const shown = (value: unknown): string => {
  if (value === undefined) return 'none'
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  const text = typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? String(value))
  return text.length > longest ? `${text.slice(0, longest)}...` : text
}

const nouns: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  bigint: 'a whole number',
  array: 'an array',
  tuple: 'an array',
  object: 'an object',
  record: 'an object',
  null: 'null',
  undefined: 'nothing',
  never: 'nothing',
}

const partOf: Readonly<Record<string, string>> = { string: ' characters', array: ' items', set: ' items' }

const boundOf = (
  word: 'least' | 'most',
  bound: number | bigint,
  issue: Issue & { readonly origin: string },
): string => {
  const { origin, exact, inclusive = true } = issue as { origin: string; exact?: boolean; inclusive?: boolean }
  const amount = `${bound}${partOf[origin] ?? ''}`
  if (exact) return `exactly ${amount}`
  if (inclusive) return `at ${word} ${amount}`
  return `${word === 'least' ? 'more' : 'less'} than ${amount}`
}

/** The alternative that fails deepest: most likely the one that was meant. */
const nearest = (alternatives: readonly (readonly z.core.$ZodIssue[])[]): z.core.$ZodIssue | undefined =>
  alternatives
    .flatMap((issues) => issues.slice(0, 1))
    .reduce<z.core.$ZodIssue | undefined>(
      (deepest, issue) => (deepest && deepest.path.length >= issue.path.length ? deepest : issue),
      undefined,
    )

const expectedOf = (issue: Issue): string | undefined => {
  switch (issue.code) {
    case 'invalid_type':
      return nouns[issue.expected] ?? issue.expected
    case 'invalid_value':
      return `${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`
    case 'too_small':
      return boundOf('least', issue.minimum, issue)
    case 'too_big':
      return boundOf('most', issue.maximum, issue)
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`
    case 'invalid_format':
      return issue.format === 'regex' ? `a text like ${issue.pattern}` : `a valid ${issue.format}`
    default:
      return undefined
  }
}

/** The members that an object's schema knows. zod is imported for its types alone: as a value it is 300 KB of a bundle. */
const namesOf = ({ inst }: Issue): string => {
  const def: object = inst?._zod.def ?? {}
  if ('keyType' in def) {
    const { keyType } = def as { readonly keyType: { readonly _zod: { readonly values?: ReadonlySet<unknown> } } } // of a record
    return [...(keyType._zod.values ?? [])].map(String).join(', ') || 'others'
  }
  const shape = 'shape' in def && typeof def.shape === 'object' ? (def.shape ?? {}) : {}
  return Object.keys(shape).join(', ') || 'none'
}

/**
 * What a schema says of a value that it refuses: what was expected and what came. A message of the schema's own goes
 * before it. Undefined leaves zod's sentence.
 */
export const schemaWords = (issue: Issue): string | undefined => {
  if (issue.code === 'unrecognized_keys')
    return `unknown member${issue.keys.length > 1 ? 's' : ''} ${issue.keys.join(', ')}; expected ${namesOf(issue)}`
  if (issue.code === 'invalid_union') {
    if (issue.options)
      return `expected ${issue.discriminator} as one of ${(issue.options as readonly unknown[]).map(String).join(', ')}`
    const meant = nearest(issue.errors)
    return meant && [...meant.path.map(String), meant.message].join(': ')
  }
  const expected = expectedOf(issue)
  return expected && `expected ${expected}, got ${shown(issue.input)}`
}
