import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toNano } from '../../../src/billing/money.ts'
import { emptyChain, nextClosed } from '../../../src/ledger/chain.ts'
import type { ReservedSlot } from '../../../src/ledger/reservation.ts'
import { advanceSum, type SumPart, type SumPorts, summed, sumOfParts } from '../../../src/ledger/sum-in-parts.ts'
import type { Opening } from '../../../src/ledger/sweep-leases.ts'
import type { UsageRow } from '../../../src/ledger/usage-row.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

const rowOf = (chain: number, number: number): UsageRow => ({
  ...{
    kind: 'row',
    number,
    previous: '',
    nonce: `${chain}/${number}`,
    keyId: `k${number % 2}`,
    model: 'm',
    version: 1,
  },
  ...{ origin: 'sync', admittedAtMs: 0, unit: 'row', units: number, costNano: toNano(chain + number), durationMs: 1 },
  ...{ cold: false, requestId: 'r' },
})

// More chains than are read at once.
const chains = new Map<string, readonly ReservedSlot[]>(
  Array.from({ length: 11 }, (_, i) => {
    const rows = Array.from({ length: (i * 5) % 7 }, (__, n) => rowOf(i, n + 1))
    return [`c${i}`, [...rows, nextClosed(emptyChain(sha256, `c${i}`, 'acme', 'h'))]]
  }),
)
const openings = [...chains.keys()].map((id): Opening => ({ kind: 'environment', id, consumerId: 'acme', hour: 'h' }))

const portsOf = (kept: SumPart[], mostRows: number): SumPorts => ({
  sha256,
  mostRows,
  /** Of one slot a page. */
  readOn: async ({ id }, from) => {
    const [slots, at] = [chains.get(id)!, Number(from?.next ?? 0)]
    return { kind: 'slots', slots: slots.slice(at, at + 1), ...(at + 1 < slots.length && { next: String(at + 1) }) }
  },
  keepPart: async (_, number, part) => {
    kept[number] ??= structuredClone(part)
    return structuredClone(kept[number])
  },
})

test('two that race, cut otherwise and are killed and begin anew at any place -> the sum of one alone', async () => {
  const alone = sumOfParts()
  expect(await advanceSum(portsOf([], 1_000))('acme', openings, alone)).toEqual({ kind: 'summed' })
  const steps = fc.array(fc.record({ who: fc.nat(1), anew: fc.boolean() }), { maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(
      steps,
      fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })),
      async (list, most) => {
        const kept: SumPart[] = []
        const sums = [sumOfParts(), sumOfParts()]
        const step = async (who: number) =>
          (await advanceSum(portsOf(kept, most[who]!))('acme', openings, sums[who]!)).kind
        const over = new Set<number>()
        for (const { who, anew } of list) {
          if (over.has(who)) continue
          if (anew) sums[who] = sumOfParts(kept)
          if ((await step(who)) === 'summed') over.add(who)
        }
        for (const who of [0, 1]) {
          for (let left = 200; !over.has(who) && left > 0; left--) if ((await step(who)) === 'summed') over.add(who)
          expect(summed(sums[who]!)).toEqual(summed(alone))
        }
      },
    ),
    { numRuns: 200 },
  )
})
