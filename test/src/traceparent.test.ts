import { expect, test } from 'vitest'
import { formatTraceparent, parseTraceparent, traceIdOfXray } from '../../src/traceparent.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const spanId = '00f067aa0ba902b7'
const read = { traceId, spanId, flags: '01' }

// https://www.w3.org/TR/trace-context/#traceparent-header-field-values
test.for([
  [`00-${traceId}-${spanId}-01`, read],
  [` 00-${traceId}-${spanId}-01 `, read],
  [`cc-${traceId}-${spanId}-01-what-comes-later`, read],
  [`00-${traceId}-${spanId}-01-more`, undefined],
  [`ff-${traceId}-${spanId}-01`, undefined],
  [`00-${'0'.repeat(32)}-${spanId}-01`, undefined],
  [`00-${traceId}-${'0'.repeat(16)}-01`, undefined],
  [`00-${traceId.toUpperCase()}-${spanId}-01`, undefined],
  [`00-${traceId}-${spanId}`, undefined],
  ['', undefined],
  [undefined, undefined],
] as const)('%s -> %o', ([header, expected]) => {
  expect(parseTraceparent(header)).toEqual(expected)
  if (expected) expect(parseTraceparent(formatTraceparent(expected))).toEqual(expected)
})

test('the header of X-Ray -> its root in W3C form; none without a root', () => {
  expect(traceIdOfXray('Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1')).toBe(
    '5759e988bd862e3fe1be46a994272793',
  )
  expect(traceIdOfXray('Parent=53995c3f42cd8ad8')).toBeUndefined()
  expect(traceIdOfXray(undefined)).toBeUndefined()
})
