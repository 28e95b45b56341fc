import { expect, test } from 'vitest'
import type { PolicyState } from '../../../src/access/rate-limit.ts'
import { rateLimitHeaders } from '../../../src/access/rate-limit-headers.ts'

type Item = { readonly name: string; readonly parameters: Readonly<Record<string, number | string>> }

// RFC 9651: a list of strings, whose parameters are integers of at most 15 digits, or strings.
const itemPattern =
  /^"([\x20\x21\x23-\x5b\x5d-\x7e]+)"((?:;[a-z*][a-z0-9_.*-]*=(?:-?\d{1,15}|"[\x20\x21\x23-\x5b\x5d-\x7e]*"))*)$/

const parseList = (text: string): readonly Item[] =>
  text.split(/[ \t]*,[ \t]*/).map((item) => {
    const [, name, parameters] = itemPattern.exec(item) ?? []
    if (name === undefined || parameters === undefined) throw new Error(`no item of a structured list: ${item}`)
    const pairs = parameters
      .split(';')
      .slice(1)
      .map((one) => one.split('=', 2) as [string, string])
    return { name, parameters: Object.fromEntries(pairs.map(([key, value]) => [key, JSON.parse(value)])) }
  })

const states: readonly PolicyState[] = [
  { policy: { name: 'persec', subject: 'a', quota: 10, windowMs: 1000 }, remaining: 3, resetMs: 1 },
  { policy: { name: 'key-permin', subject: 'a#k', quota: 1_000_000, windowMs: 60_000 }, remaining: 0, resetMs: 29_001 },
  { policy: { name: 'concurrent', subject: 'a', quota: 5 }, remaining: 4 },
]

test('limits -> lists of structured fields with the parameters of the draft, and none rounded to too early', () => {
  const headers = rateLimitHeaders(states)
  // draft-ietf-httpapi-ratelimit-headers-11: q is required, qu and w are optional; r is required, t is optional.
  expect(parseList(headers['ratelimit-policy']!)).toEqual([
    { name: 'persec', parameters: { q: 10, w: 1 } },
    { name: 'key-permin', parameters: { q: 1_000_000, w: 60 } },
    { name: 'concurrent', parameters: { q: 5, qu: 'concurrent-requests' } },
  ])
  expect(parseList(headers.ratelimit!)).toEqual([
    { name: 'persec', parameters: { r: 3, t: 1 } },
    { name: 'key-permin', parameters: { r: 0, t: 30 } },
    { name: 'concurrent', parameters: { r: 4 } },
  ])
})
