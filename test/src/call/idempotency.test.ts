import { describe, expect, test } from 'vitest'
import { expiresOf, isLive, parseIdempotencyKey, requireSameRequest } from '../../../src/call/idempotency.ts'
import { parsePrefer } from '../../../src/call/prefer.ts'
import { uploadNamed } from '../../../src/upload.ts'

describe('Idempotency-Key', () => {
  // RFC 9651 3.3.3 for the quoted ones.
  test.for([
    ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['"8e03978e-40d5-43dd-bc93-6894a57f9324"', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    [' bare ', 'bare'],
    ['"with space"', 'with space'],
    ['"a \\"quote\\" and \\\\"', 'a "quote" and \\'],
    ['a"b', 'a"b'],
    ['x'.repeat(255), 'x'.repeat(255)],
  ])('%j -> %j', ([header = '', key]) => {
    expect(parseIdempotencyKey(header)).toBe(key)
  })

  test.for(['', ' ', '""', '"open', 'open"x y', '"bad \\n"', 'x'.repeat(256), 'caf\u00e9', 'tab\tin', '"tab\t"'])(
    '%j -> refused',
    (header) => {
      expect(() => parseIdempotencyKey(header)).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }))
    },
  )

  test('a record of an instant -> live for a day, and no longer', () => {
    const nowMs = Date.UTC(2026, 10, 24, 12) + 1
    const record = { expires: expiresOf(nowMs) }
    expect(isLive(record, nowMs + 24 * 3_600_000)).toBe(true)
    expect(isLive(record, nowMs + 24 * 3_600_000 + 1000)).toBe(false)
  })

  test('another fingerprint -> IDEMPOTENCY_KEY_REUSED', () => {
    const keyed = { consumerId: 'a', key: 'k', fingerprint: 'f' }
    const answer = { status: 200, headers: {}, body: { text: '' } }
    const record = { ...keyed, model: 'm', nonce: 'n', expires: 1, answer }
    expect(requireSameRequest(keyed, record)).toBe(record)
    expect(() => requireSameRequest({ ...keyed, fingerprint: 'g' }, record)).toThrow(
      expect.objectContaining({ code: 'IDEMPOTENCY_KEY_REUSED' }),
    )
  })
})

// https://www.rfc-editor.org/rfc/rfc7240#section-2
test.for([
  [undefined, { respondAsync: false }],
  ['respond-async', { respondAsync: true }],
  ['Respond-Async, wait=100', { respondAsync: true, waitSeconds: 100 }],
  ['wait = "10"; x, respond-async', { respondAsync: true, waitSeconds: 10 }],
  ['wait=5, wait=9', { respondAsync: false, waitSeconds: 5 }],
  ['return=minimal; foo="some parameter"', { respondAsync: false }],
  ['respond-async, wait=soon', { respondAsync: true }],
] as const)('Prefer: %s -> %j', ([header, preferences]) => {
  expect(parsePrefer(header)).toEqual(preferences)
})

test.for([
  ['upload:1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed', '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed'],
  ['upload:a\n', 'a'],
  ['upload:', undefined],
  [' upload:a', undefined],
  ['upload:a,b', undefined],
  [`upload:${'a'.repeat(65)}`, undefined],
  ['{"inputs":[]}', undefined],
  ['', undefined],
] as const)('a body %j -> upload %j', ([body, id]) => {
  expect(uploadNamed(new TextEncoder().encode(body))).toBe(id)
})
