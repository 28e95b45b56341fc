/** Starts whose answer is lost: the worker or the machine may be at it, and what it charges must not be called free. */
import { expect, test } from 'vitest'
import { toNano } from '../../../src/billing/money.ts'
import { type AsyncCall, openStates } from '../../../src/call/async-call.ts'
import { encodedJson } from '../../../src/call/encoded.ts'
import { type OpenCallPorts, openCall } from '../../../src/call/open-call.ts'
import { deliver, endCall, type KeptResult, type WorkPorts } from '../../../src/call/work-call.ts'
import { hourAt, zoneOffset } from '../../../src/ledger/hour.ts'
import type { ReservedSlot } from '../../../src/ledger/reservation.ts'

const price = {
  id: 'p',
  model: 'm',
  unit: 'row',
  nanoPerUnit: toNano(5),
  minimumPerCallNano: toNano(0),
  fromMs: 0,
} as const
const usage = { model: 'm', version: 1, rows: 3, durationMs: 1, cold: false, requestId: 'r' }
const broken = new Error('socket hang up')

/** One call, its slot and its result. */
const createPlaces = () => {
  const slots = new Map<number, ReservedSlot>()
  const places: { call?: AsyncCall; result?: KeptResult; closes: boolean } = { closes: true }
  const work: WorkPorts = {
    putSlot: async (_, slot) => {
      if (slot.kind === 'closed' && !places.closes) return { kind: 'unknown' }
      const by = slots.get(slot.number)
      if (by) return { kind: 'occupied', by }
      slots.set(slot.number, slot)
      return { kind: 'written' }
    },
    readChain: async () => {
      if (!places.closes) throw broken
      return [...slots.values()]
    },
    settleLease: async () => true,
    newId: () => 'nonce',
    nowMs: () => 2,
    keepResult: async (_, { headers }, used) => (places.result ??= { usage: used, headers }),
    findResult: async () => places.result,
    moveCall: async (_, from, to, change) => {
      if (!places.call || !from.includes(places.call.state)) return undefined
      places.call = { ...places.call, ...change, state: to }
      return places.call
    },
  }
  return { slots, places, work }
}

const open = async (
  { places, work }: ReturnType<typeof createPlaces>,
  startCall: (call: AsyncCall) => Promise<void>,
  keyed = false,
) => {
  const ports: OpenCallPorts = {
    now: () => 1,
    hourAt: hourAt(zoneOffset('UTC')),
    priceAt: async () => price,
    readBalance: async () => undefined,
    readKeySpent: () => Promise.reject(new Error('expected no look at a key')),
    readAccount: async () => undefined,
    newId: () => 'c',
    putInput: async () => ({ key: 'i' }),
    putOpening:
      ({ call }) =>
      async () => {
        places.call = call
        return { kind: 'opened' }
      },
    startCall: () => startCall(places.call!),
    abandon: async (call) => (await endCall(work)(call, 'failed', { status: 503 })) ?? places.call ?? call,
  }
  return await openCall(ports)({
    principal: { role: 'consumer', consumerId: 'acme', keyId: 'k', grants: ['*'] },
    model: 'm',
    body: new Uint8Array(),
    most: { row: 3 },
    make: (reservation, input) => ({
      id: reservation.id,
      consumerId: 'acme',
      state: 'queued',
      model: 'm',
      version: 1,
      requestId: 'r',
      request: { path: '/', params: {}, query: '', headers: {}, input },
      reservation,
      createdAtMs: 1,
      expires: 99,
    }),
    ...(keyed && { keyed: { consumerId: 'acme', key: 'idem', fingerprint: 'f' } }),
    accepted: () => ({ status: 202, headers: {}, body: { text: '' } }),
  })
}

test('a start that no worker had -> NOT_READY, and the call can never be charged', async () => {
  const all = createPlaces()
  const opening = open(all, () => Promise.reject(broken))
  await expect(opening).rejects.toMatchObject({ code: 'NOT_READY', message: expect.stringMatching(/free/) })
  expect(all.places.call?.state).toBe('failed')
  await expect(deliver(all.work)(all.places.call!, encodedJson('{}'), usage)).rejects.toMatchObject({
    code: 'CALL_ENDED',
  })
})

test.for([
  ['has said so', true],
  ['has not said so', false],
] as const)('a start whose worker has charged and %s, its answer lost -> accepted, not free', async ([, said]) => {
  const all = createPlaces()
  const opened = await open(all, async (call) => {
    await deliver(said ? all.work : { ...all.work, moveCall: async () => undefined })(call, encodedJson('{}'), usage)
    throw broken
  })
  expect(opened).toMatchObject({ kind: 'opened', call: { id: 'c', state: 'succeeded' } })
  expect(openStates).not.toContain(all.places.call?.state)
  expect(all.slots.get(1)).toMatchObject({ kind: 'row', costNano: 15 })
})

test('a start without an answer, and a slot that cannot be closed -> OUTCOME_UNKNOWN', async () => {
  const all = createPlaces()
  all.places.closes = false
  await expect(open(all, () => Promise.reject(broken))).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
})

test('a keyed start without an answer -> OUTCOME_UNKNOWN, and the call stays open for its key', async () => {
  const all = createPlaces()
  await expect(open(all, () => Promise.reject(broken), true)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
  expect(all.places.call?.state).toBe('queued')
  expect(all.slots.size).toBe(0)
})

test('a row whose result is gone -> the call ends as charged', async () => {
  const all = createPlaces()
  await open(all, async (call) => {
    await deliver({ ...all.work, moveCall: async () => undefined })(call, encodedJson('{}'), usage)
  })
  delete all.places.result
  expect(await endCall(all.work)(all.places.call!, 'failed')).toMatchObject({
    state: 'succeeded',
    answer: { headers: { 'percall-units': '3', 'percall-version': 'm/1' } },
  })
})
