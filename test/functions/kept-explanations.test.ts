/** A model whose owner keeps explanations: what would price one, or accept one for later, refuses as `:explain` does. */
import { expect, test } from 'vitest'
import type { PredictPorts } from '../../adapters/wiring/predict.ts'
import { explainRoutes } from '../../functions/predict/explain.ts'
import { acceptCall } from '../../functions/predict/respond-async.ts'
import type { RouteRequest } from '../../functions/route.ts'
import type { Principal } from '../../src/access/principal.ts'
import type { Nano } from '../../src/billing/money.ts'
import type { Price } from '../../src/billing/price.ts'
import { answerCall, type Call } from '../../src/call/call.ts'
import type { Deployed } from '../../src/call/deployed.ts'
import { encodedJson } from '../../src/call/encoded.ts'
import { type Purpose, quoteCall } from '../../src/call/quote.ts'
import type { Admit } from '../../src/ports.ts'

const signature = { inputs: [], outputs: [] }
const deployed: Deployed = {
  version: { model: 'cars', number: 3, digest: '0'.repeat(64), sizeBytes: 1, signature, createdAtMs: 0 },
  explain: 'owner',
}
const consumer: Principal = { role: 'consumer', consumerId: 'acme', keyId: 'k', grants: ['cars'] }
const owner: Principal = { role: 'owner', consumerId: 'owner', keyId: 'o', grants: [] }
const refused = {
  code: 'OWNER_ONLY',
  message: expect.stringMatching(/^model cars: expected an owner key.*got .*key k$/),
}

const reference = { kind: 'alias', model: 'cars', alias: 'live' } as const
const read = (): ReturnType<Call['read']> => ({
  ...{ inputs: [], outputs: [], rows: 2, explained: true },
  encode: () => encodedJson('{}'),
})
const resolve = async () => deployed

const nano = (value: number): Nano => value as Nano
const price: Price = {
  ...{ id: 'p', model: 'cars', unit: 'row', nanoPerUnit: nano(7) },
  ...{ minimumPerCallNano: nano(0), fromMs: 0 },
}

const quote = (principal: Principal, purpose: Purpose) => {
  // Prices as the meter has them: an owner's own calls have none.
  const admit: Admit = async (who) => ({
    ...(who.role === 'consumer' && { price }),
    ...{ principal: who, model: 'cars', admittedAtMs: 0, hour: { label: 'h', startMs: 0, endMs: 1 } },
  })
  return quoteCall({ resolve, admit })({ principal, reference, read }, purpose)
}

test('a quote of an explanation -> refused to a consumer; to an owner, and of a prediction, told', async () => {
  await expect(quote(consumer, 'explain')).rejects.toMatchObject(refused)
  expect(await quote(consumer, 'predict')).toMatchObject({ rows: 2 })
  expect(await quote(owner, 'explain')).toMatchObject({ rows: 2 })
})

test("a quote of a priced model -> a consumer's price; to an owner free, with what a consumer would pay beside it", async () => {
  expect(await quote(consumer, 'predict')).toMatchObject({ price, units: 2, costNano: 14 })
  expect(await quote(consumer, 'predict')).not.toHaveProperty('consumers')
  const told = await quote(owner, 'predict')
  expect(told).toMatchObject({ units: 2, costNano: 0, consumers: { price, units: 2, costNano: 14 } })
  expect(told).not.toHaveProperty('price')
})

/** How many chains were opened: each would be charged for. */
const accept = async (principal: Principal) => {
  let opened = 0
  const open = async () => {
    opened += 1
    return { kind: 'opened', call: { id: 'c', reservation: {}, createdAtMs: 0 } }
  }
  const ports = { resolve, calls: { open } } as unknown as PredictPorts // what acceptance asks
  const request = { body: new Uint8Array(), requestId: 'r', params: {}, headers: {} } as unknown as RouteRequest // what it reads
  const accepting = acceptCall(explainRoutes[0], request, ports, { respondAsync: true }, undefined)
  const { status, refusal } = await accepting({ principal, reference, read, requestId: 'r' }).then(
    (answer) => ({ status: answer.status, refusal: undefined }),
    (thrown: unknown) => ({ status: undefined, refusal: thrown }),
  )
  return { status, refusal, opened }
}

test('an explanation for later -> refused to a consumer before its chain is opened, accepted of an owner', async () => {
  expect(await accept(consumer)).toMatchObject({ refusal: refused, opened: 0 })
  expect(await accept(owner)).toEqual({ status: 202, refusal: undefined, opened: 1 })
})

const answer = (more: Partial<Call>) =>
  answerCall({
    resolve,
    admit: async (who) => ({
      principal: who,
      model: 'cars',
      admittedAtMs: 0,
      hour: { label: 'h', startMs: 0, endMs: 1 },
    }),
    infer: async () => ({ outputs: [], loadMs: 0 }),
    settle: async (_, { rows }) => ({ units: rows, costNano: 1 }),
    nowMs: () => 0,
    isCold: () => false,
  })({ principal: consumer, reference, read, requestId: 'r', ...more })

test('an explanation that was accepted before its owner kept them -> answered and charged; a new one is refused', async () => {
  expect(await answer({ reserved: true, anySize: true })).toMatchObject({ rows: 2, charge: { units: 2 } })
  await expect(answer({})).rejects.toMatchObject(refused)
})
