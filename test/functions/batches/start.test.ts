/** A batch whose start had no answer: what its machine may charge is not called free. */
import { expect, test } from 'vitest'
import type { BatchPorts } from '../../../adapters/wiring/batches.ts'
import { replayBatch } from '../../../functions/batches/keyed.ts'
import { batchRoutes } from '../../../functions/batches/routes.ts'
import type { RouteRequest } from '../../../functions/route.ts'
import type { Batch } from '../../../src/batch/batch.ts'
import { endUnsplit } from '../../../src/batch/conclude.ts'
import { toNano } from '../../../src/billing/money.ts'
import { chargeSlot, finishUnsplit, fixShards, type ReservedSlot, reserve } from '../../../src/ledger/reservation.ts'
import { worldHour } from '../../src/ledger-world.ts'

const principal = { role: 'consumer', consumerId: 'acme', keyId: 'k', grants: ['*'] } as const
const price = {
  id: 'p',
  model: 'm',
  unit: 'row',
  nanoPerUnit: toNano(5),
  minimumPerCallNano: toNano(0),
  fromMs: 0,
} as const
const reservation = reserve('b1', 'batch', { principal, model: 'm', admittedAtMs: 5, hour: worldHour(5), price })
const batch = {
  id: 'b1',
  consumerId: 'acme',
  state: 'queued',
  model: 'm',
  version: 1,
  createdAtMs: 5,
  reservation,
} as unknown as Batch // what a start and its answer read of it
const usage = { model: 'm', version: 1, rows: 1000, durationMs: 1, cold: false, requestId: 'r' }
const broken = new Error('socket hang up')

const createSlots = (closes: boolean) => {
  const slots = new Map<number, ReservedSlot>()
  const putSlot = async (_: string, slot: ReservedSlot) => {
    if (slot.kind === 'closed' && !closes) return { kind: 'unknown' } as const
    const by = slots.get(slot.number)
    if (by) return { kind: 'occupied', by } as const
    slots.set(slot.number, slot)
    return { kind: 'written' } as const
  }
  const readChain = async () => {
    if (!closes) throw broken
    return [...slots.values()]
  }
  return { putSlot, readChain, settleLease: async () => true, newId: () => 'n' }
}

const create = batchRoutes.find(({ method, path }) => method === 'POST' && path === '/v1/batches')!.run

const post = (slots: ReturnType<typeof createSlots>, startExecution: () => Promise<void>) => {
  const changeBatch = async (_: unknown, change: object) => ({ ...batch, ...change })
  const ports = {
    nowMs: () => 6,
    resolve: async () => ({ version: { model: 'm', number: 1 } }),
    findUpload: async () => ({ key: 'u' }),
    admitBatch: async () => ({ kind: 'opened', batch }),
    startExecution,
    endUnsplit: endUnsplit({ nowMs: () => 6, changeBatch, closeUnsplit: finishUnsplit(slots) }),
  } as unknown as BatchPorts // what the route asks
  const body = Buffer.from(JSON.stringify({ model: 'm', input: 'u', format: 'csv' }))
  const headers = { 'content-type': 'application/json' }
  const request = { headers, params: {}, query: new URLSearchParams(), requestId: 'r', body, principal }
  return create(request as unknown as RouteRequest, ports) // what the route reads
}

test('the machine had the start and fixed the shards -> 202; they are charged', async () => {
  const slots = createSlots(true)
  const answer = await post(slots, async () => {
    await fixShards(slots)(reservation, 1)
    throw broken
  })
  expect(answer).toMatchObject({ status: 202, headers: { location: '/v1/batches/b1' } })
  expect(await chargeSlot(slots)(reservation, 1, usage)).toMatchObject({ kind: 'charged', row: { costNano: 5000 } })
})

test('nobody had the start -> NOT_READY, free: a late machine finds the chain closed', async () => {
  const slots = createSlots(true)
  const posted = Promise.resolve(post(slots, () => Promise.reject(broken)))
  await expect(posted).rejects.toMatchObject({ code: 'NOT_READY', message: expect.stringMatching(/free/) })
  expect(await fixShards(slots)(reservation, 1)).toEqual({ kind: 'closed' })
})

test('no answer, and a chain that cannot be closed -> OUTCOME_UNKNOWN', async () => {
  const posted = Promise.resolve(post(createSlots(false), () => Promise.reject(broken)))
  await expect(posted).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
})

test('a key whose start has no answer again -> OUTCOME_UNKNOWN', async () => {
  const ports = { startExecution: () => Promise.reject(broken) }
  const record = { nonce: 'b1', answer: { status: 202, headers: {}, body: { text: '' } } }
  const request = { requestId: 'r', principal } as unknown as RouteRequest // what a replay reads of it
  const replaying = replayBatch(request, ports, record as unknown as Parameters<typeof replayBatch>[2])
  await expect(replaying).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
})
