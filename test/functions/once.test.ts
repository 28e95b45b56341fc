/** Which failures of a keyed call end in the answer that its key stands for. */
import { expect, test } from 'vitest'
import type { PredictPorts } from '../../adapters/wiring/predict.ts'
import { replaying } from '../../functions/middleware/keyed.ts'
import { replay } from '../../functions/predict/once.ts'
import type { RouteRequest } from '../../functions/route.ts'
import type { IdempotencyRecord } from '../../src/call/idempotency.ts'
import { PercallError } from '../../src/errors.ts'

const keyed = { consumerId: 'acme', key: 'k', fingerprint: 'f' }
const record: IdempotencyRecord = {
  ...keyed,
  model: 'm',
  nonce: 'n',
  expires: 1,
  answer: { status: 200, headers: { 'percall-request-id': 'first' }, body: { text: 'answer' } },
}
const request = { headers: {}, requestId: 'second' } as unknown as RouteRequest // what a replay reads of a request

const fail = (thrown: unknown, found: IdempotencyRecord | undefined, grants: readonly string[] = ['m']) => {
  const calls = {
    readRecord: async () => found,
    readKeptBody: async (body: { readonly text: string }) => ({ kind: 'body', body: body.text }),
  }
  const ports = { calls } as unknown as PredictPorts // the ports that a replay asks
  const principal = { role: 'consumer', consumerId: 'acme', keyId: 'id', grants } as const
  const again = {
    principal,
    readRecord: calls.readRecord,
    replay: (one: IdempotencyRecord) => replay(request, ports, one),
  }
  return replaying(again)(keyed, async () => {
    throw thrown
  })
}

test.for([
  'UNKNOWN_MODEL',
  'UNKNOWN_ALIAS',
  'UNKNOWN_UPLOAD',
  'NOT_READY',
  'OUTCOME_UNKNOWN',
  'INTERNAL',
  'BAD_REQUEST',
] as const)('%s, and a record -> the recorded answer; without one -> %s itself', async (code) => {
  const thrown = new PercallError(code, 'refused')
  expect(await fail(thrown, record)).toEqual({
    status: 200,
    headers: { 'percall-request-id': 'second', 'percall-original-request-id': 'first', 'idempotent-replayed': 'true' },
    body: 'answer',
  })
  await expect(fail(thrown, undefined)).rejects.toBe(thrown)
})

test.for(['NOT_GRANTED', 'OWNER_ONLY', 'KEY_REVOKED'] as const)(
  '%s, and a record -> refused: authorisation comes first',
  async (code) => {
    const thrown = new PercallError(code, 'refused')
    await expect(fail(thrown, record)).rejects.toBe(thrown)
  },
)

test('an upload that is gone, and a record of a model that this key may not call -> refused', async () => {
  const thrown = new PercallError('UNKNOWN_UPLOAD', 'refused')
  await expect(fail(thrown, record, ['other'])).rejects.toMatchObject({ code: 'NOT_GRANTED' })
})

test('a fault, and a record of another request -> 422', async () => {
  await expect(fail(new Error('fault'), { ...record, fingerprint: 'g' })).rejects.toMatchObject({
    code: 'IDEMPOTENCY_KEY_REUSED',
  })
})
