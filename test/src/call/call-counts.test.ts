import { expect, test } from 'vitest'
import type { Answer, Call } from '../../../src/call/call.ts'
import { type CountsPage, createCallCounts } from '../../../src/call/call-counts.ts'
import { countsOf, failedOf } from '../../../src/call/counts.ts'
import { PercallError } from '../../../src/errors.ts'
import type { Version } from '../../../src/registry/version.ts'

const version = { model: 'add', number: 3 } as Version // what is read of it

/** One environment over a table of pages; a call takes 5 ms, 2 of them to settle. */
const environment = (table: Map<string, CountsPage>, name = 'e') => {
  const clock = { ms: 1_000_000_000 }
  const log: string[] = []
  const counts = createCallCounts({
    nowMs: () => clock.ms,
    resolve: async () => ({ version }),
    putCounts: async (page) => {
      log.push('put')
      table.set(`${name}/${page.model}/${page.version}/${page.hourStartMs}/${page.page}`, structuredClone(page))
      return 'put'
    },
  })
  const settle = counts.settle(async () => {
    log.push('settle')
    return { units: 1, costNano: 0 }
  })
  let requests = 0
  const call = async (consumerId = 'acme', failure?: PercallError): Promise<void> => {
    const principal = { role: 'consumer', consumerId, keyId: 'k', grants: ['*'] } as const
    const asked = {
      principal,
      requestId: `${requests++}`,
      reference: { kind: 'version', model: 'add', number: 3 },
    } as unknown as Call // what is read of it
    const answer = counts.answer(async ({ requestId }) => {
      if (failure && failure.code !== 'OUTCOME_UNKNOWN') throw failure
      const usage = {
        model: 'add',
        version: 3,
        rows: 2,
        durationMs: 3,
        cold: false,
        requestId,
        spent: { parseMs: 1, queueMs: 0, inferMs: 2 },
      }
      await settle(
        { principal, model: 'add', admittedAtMs: clock.ms, hour: { label: '', startMs: 0, endMs: 1 } },
        usage,
      )
      clock.ms += 5
      if (failure) throw failure
      const timings = { parse: 1, load: 0, infer: 2, bill: 2, total: 5 }
      return { version, rows: 2, cold: false, timings } as Answer // what is read of it
    })
    await answer(asked).catch((thrown) => {
      if (thrown !== failure) throw thrown
    })
  }
  return { call, clock, log, flush: counts.flush }
}

const totalOf = (table: Map<string, CountsPage>) => countsOf([...table.values()].map(({ by }) => by))

test('the first call of an environment -> put beside its row, itself included: a kill right after loses nothing', async () => {
  const table = new Map<string, CountsPage>()
  const { call, log } = environment(table)
  await call()
  expect(log.toSorted()).toEqual(['put', 'settle'])
  expect(totalOf(table)).toMatchObject({ begun: 1, ok: 1, rows: 2, inferMs: 2, okMs: 3 })
})

test('a hundred calls in 10 s -> one put; the next after that puts them all; flush puts the rest', async () => {
  const table = new Map<string, CountsPage>()
  const { call, log, clock, flush } = environment(table)
  for (let i = 0; i < 100; i++) await call()
  expect(log.filter((line) => line === 'put')).toHaveLength(1)
  clock.ms += 10_000
  await call()
  expect(log.filter((line) => line === 'put')).toHaveLength(2)
  expect(totalOf(table).ok).toBe(101)
  await call()
  expect(totalOf(table).ok).toBe(101)
  await flush()
  expect(totalOf(table)).toMatchObject({ ok: 102, okMs: 510 })
})

test('an environment killed at any moment -> its table lacks at most the calls of the last 10 s', async () => {
  for (let killedAfter = 1; killedAfter < 60; killedAfter++) {
    const table = new Map<string, CountsPage>()
    const { call, clock } = environment(table)
    const endedAtMs: number[] = []
    for (let i = 0; i < killedAfter; i++) {
      clock.ms += (i * 7919) % 3000
      await call()
      endedAtMs.push(clock.ms)
    }
    const old = endedAtMs.filter((ms) => ms < clock.ms - 10_000).length
    expect(totalOf(table).ok).toBeGreaterThanOrEqual(old)
    expect(totalOf(table).ok).toBeLessThanOrEqual(killedAfter)
  }
})

test('a refused call -> counted by code without a settle, put when 10 s are over', async () => {
  const table = new Map<string, CountsPage>()
  const { call, clock, log } = environment(table)
  const refusal = new PercallError('BAD_VALUE', 'input x')
  await call('acme', refusal)
  await call('acme', refusal)
  expect(log).toEqual(['put'])
  clock.ms += 10_000
  await call('acme', refusal)
  expect(totalOf(table)).toMatchObject({ begun: 3, ok: 0, failed: { BAD_VALUE: 3 } })
})

test('a call that was counted as answered and then not settled -> put again at once, as failed', async () => {
  const table = new Map<string, CountsPage>()
  await environment(table).call('acme', new PercallError('OUTCOME_UNKNOWN', 'no answer'))
  expect(totalOf(table)).toMatchObject({ begun: 1, ok: 0, failed: { OUTCOME_UNKNOWN: 1 } })
})

test('a model that is not there, or not granted -> counted nowhere', async () => {
  const table = new Map<string, CountsPage>()
  const { call } = environment(table)
  await call('acme', new PercallError('UNKNOWN_MODEL', 'none'))
  await call('acme', new PercallError('NOT_GRANTED', 'none'))
  expect(table.size).toBe(0)
})

test('forty consumers, three environments, two hours -> every call counted, each consumer its own', async () => {
  const table = new Map<string, CountsPage>()
  for (const name of ['a', 'b', 'c']) {
    const { call, clock, flush } = environment(table, name)
    for (let i = 0; i < 120; i++) {
      clock.ms += 60_000
      await call(`consumer-${i % 40}`)
    }
    await flush()
  }
  const pages = [...table.values()].map(({ by }) => by)
  expect(countsOf(pages).ok).toBe(360)
  expect(countsOf(pages, 'consumer-39').ok).toBe(9)
  expect(Math.max(...pages.map((by) => Object.keys(by).length))).toBe(16)
  expect(failedOf(countsOf(pages))).toBe(0)
})
