import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ShardAnswer } from '../../../src/batch/answer-shard.ts'
import type { Batch } from '../../../src/batch/batch.ts'
import type { ShardProgress, ShardResult } from '../../../src/batch/progress.ts'
import { workShard } from '../../../src/batch/work-shard.ts'
import { toNano } from '../../../src/billing/money.ts'
import { chargeSlot, closeReservation, type ReservedSlot, reserve } from '../../../src/ledger/reservation.ts'
import type { Version } from '../../../src/registry/version.ts'
import { worldHour } from '../ledger-world.ts'

const price = {
  id: 'p',
  model: 'm',
  unit: 'row',
  nanoPerUnit: toNano(7),
  minimumPerCallNano: toNano(1000),
  fromMs: 0,
} as const
const principal = { role: 'consumer', consumerId: 'a', keyId: 'k', grants: ['*'] } as const
const reservation = reserve('b', 'batch', { principal, model: 'm', admittedAtMs: 5, hour: worldHour(5), price })
const batch: Batch = {
  id: 'b',
  consumerId: 'a',
  model: 'm',
  version: 1,
  upload: 'u',
  input: { key: 'uploads/a/u' },
  format: 'csv',
  output: 'csv',
  unknown: 'refuse',
  state: 'running',
  requestId: 'r',
  createdAtMs: 5,
  expires: 9,
  reservation,
}
const version: Version = {
  model: 'm',
  number: 1,
  digest: '',
  sizeBytes: 1,
  createdAtMs: 0,
  signature: {
    inputs: [{ name: 'x', datatype: 'FP64', shape: [-1, 1] }],
    outputs: [{ name: 'y', datatype: 'FP64', shape: [-1, 1] }],
  },
}
const shard = { number: 1, key: 'shard', firstRow: 1, rows: 3 }

class Killed extends Error {}

/** One store and one ledger. The nth step of all workers together kills the worker that takes it, before or after its effect. */
const world = (kills: readonly ('none' | 'before' | 'after')[]) => {
  const slots = new Map<number, ReservedSlot>([[0, { kind: 'manifest', number: 0, shards: 1 }]])
  let result: ShardResult | undefined
  const progress = new Map<number, ShardProgress>()
  const left = [...kills]
  const step = async <Value>(effect: () => Value): Promise<Value> => {
    const kill = left.shift() ?? 'none'
    if (kill === 'before') throw new Killed()
    const value = effect()
    if (kill === 'after') throw new Killed()
    return value
  }
  const put = (slot: ReservedSlot) => {
    const by = slots.get(slot.number)
    if (!by) slots.set(slot.number, slot)
    return by ? ({ kind: 'occupied', by } as const) : ({ kind: 'written' } as const)
  }
  const slotPorts = {
    putSlot: (_: string, slot: ReservedSlot) => step(() => put(slot)),
    readChain: async () => [...slots.values()],
    newId: () => 'n',
  }
  let tries = 0
  const work = workShard({
    nowMs: () => 0,
    resolve: async () => ({ version }),
    // An inference that answers differently each time: another attempt fails another number of rows.
    infer: async (_, [x]) => {
      tries += 1
      return { outputs: [{ ...x!, name: 'y' }], loadMs: 0 }
    },
    findPlan: async () => ({ shards: 1, rows: 3, itemsKey: 'items', columns: ['x'] }),
    findResult: async () => result,
    keepResult: (_, _number, { lines, errors }: ShardAnswer) =>
      step(() => {
        result ??= { key: 'k', rowsSucceeded: lines.length - errors.length, rowsFailed: errors.length }
        return result
      }),
    readLines: async () => (tries === 0 ? ['["1"]', '["2"]', '["3"]'] : ['["1"]', '["bad"]', '["3"]']),
    chargeSlot: chargeSlot(slotPorts),
    putProgress: (_, done) => step(() => void progress.set(done.number, done)),
  })
  return { slots, progress, work, result: () => result, close: () => closeReservation(slotPorts)(reservation) }
}

const kill = fc.constantFrom('none', 'before', 'after')

test('any worker killed before or after any write, and any retry -> one row, with the count of the result that is kept', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(kill, { maxLength: 12 }), async (kills) => {
      const { slots, progress, work, result } = world(kills)
      for (let retry = 0; retry < 20; retry++) {
        await work(batch, shard).catch((thrown) => {
          if (!(thrown instanceof Killed)) throw thrown
        })
      }
      const units = result()?.rowsSucceeded
      expect([...slots.values()].filter(({ kind }) => kind === 'row')).toMatchObject([
        { number: 1, units, costNano: 7 * units! },
      ])
      expect(progress.get(1)).toMatchObject({ ...result(), units })
    }),
  )
})

test('a shard that meets a closed chain -> ends free, and is not delivered', async () => {
  const { slots, progress, work, close } = world([])
  await close()
  expect(await work(batch, shard)).toEqual({ charged: false })
  expect([...slots.values()].map(({ kind }) => kind)).toEqual(['manifest', 'closed'])
  expect(progress.size).toBe(0)
})

test('a shard that no attempt could answer -> every row refused by what killed it, at no cost', async () => {
  const { slots, progress, work } = world([])
  await work(batch, shard, { error: 'Sandbox.Timedout', cause: '{}' })
  expect(slots.get(1)).toMatchObject({ kind: 'row', units: 0, costNano: 0 })
  expect(progress.get(1)).toMatchObject({ rowsSucceeded: 0, rowsFailed: 3, failure: { code: 'INTERNAL' } })
})
