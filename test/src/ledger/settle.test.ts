import { expect, test } from 'vitest'
import type { IdempotencyRecord } from '../../../src/call/idempotency.ts'
import { PercallError } from '../../../src/errors.ts'
import type { Slot } from '../../../src/ledger/chain.ts'
import { createMeter } from '../../../src/ledger/settle.ts'
import { createWorld, nobodyCapped, worldHour } from '../ledger-world.ts'

const schedules = process.env.PERCALL_LONG ? 5000 : 500

const mulberry32 = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

type Told = {
  readonly requestId: string
  readonly costNano: number | undefined
  readonly code: string | undefined
  /** The caller's key, and the request whose answer it got under it. */
  readonly key?: string
  readonly answeredBy?: string
}

const textOf = ({ answer: { body } }: IdempotencyRecord): string => ('text' in body ? body.text : '')

const microtasks = () => new Promise<void>((resolve) => setImmediate(resolve))

const schedule = async (seed: number) => {
  const random = mulberry32(seed)
  const { world, held, waiting, index, records, read, portsOf, fold, check } = createWorld(random)
  const told: Told[] = []
  let calls = 0
  const environment = () => {
    const state = { dead: false, skewMs: Math.floor(random() * 9) - 4 }
    const meter = createMeter(portsOf(state))
    const serve = async (): Promise<void> => {
      while (!state.dead && !world.calm) {
        const requestId = `r${calls++}`
        const principal = {
          role: 'consumer',
          consumerId: random() < 0.5 ? 'a' : 'b',
          keyId: 'k',
          grants: ['*'],
        } as const
        const usage = {
          model: 'm',
          version: 1,
          rows: 1 + Math.floor(random() * 3),
          durationMs: 1,
          cold: false,
          requestId,
        }
        // Twins and retries: few keys, so that many calls have the same one.
        const key = random() < 0.4 ? `${principal.consumerId}${Math.floor(random() * 8)}` : undefined
        try {
          const admission = await meter.admit(principal, 'm')
          // Ahead of the call's settling, or not; some calls that began it are refused and settle nothing.
          if (random() < 0.5) void meter.prepare(admission, { row: 3 })
          if (random() < 0.1) continue
          if (key === undefined) {
            const { costNano } = await meter.settle(admission, usage)
            told.push({ requestId, costNano, code: undefined })
            continue
          }
          const answer = { status: 200, headers: {}, body: { text: requestId } }
          const named = { consumerId: principal.consumerId, key, fingerprint: 'f', model: 'm', answer }
          const once = await meter.settleOnce(admission, usage, () => named)
          if (once.kind === 'charged')
            told.push({ requestId, costNano: once.charge.costNano, code: undefined, key, answeredBy: requestId })
          else told.push({ requestId, costNano: undefined, code: 'recorded', key, answeredBy: textOf(once.by) })
        } catch (thrown) {
          if (!(thrown instanceof PercallError)) throw thrown
          told.push({ requestId, costNano: undefined, code: thrown.code, ...(key !== undefined && { key }) })
        }
      }
      if (!state.dead) await meter.end()
    }
    void serve()
    // Parallel calls do not occur on Lambda; the queue must hold all the same.
    if (random() < 0.3) void serve()
    return state
  }
  const environments = [environment(), environment()]
  let folded = 0
  const turn = async (): Promise<void> => {
    await microtasks()
    const [resume] = waiting.splice(Math.floor(random() * waiting.length), 1)
    resume?.()
  }
  for (let i = 0; i < 120; i++) {
    const dice = random()
    if (dice < 0.06) held.splice(Math.floor(random() * held.length), 1)[0]?.()
    else if (dice < 0.2) world.nowMs += random() < 0.9 ? 1 : 35
    else if (dice < 0.21) environments.push(environment())
    else if (dice < 0.225) environments[Math.floor(random() * environments.length)]!.dead = true
    else if (dice < 0.27 && (folded + 1) * 40 <= world.nowMs + 3) void fold(worldHour(folded++ * 40).label)
    else await turn()
  }
  world.calm = true
  for (let idle = 0; idle < 2; idle = waiting.length ? 0 : idle + 1) await turn()
  for (const late of held.splice(0)) late()
  check()
  const rows = [...index.keys()].flatMap((id) => read(id)).filter((slot) => slot.kind === 'row')
  const faults = [...world.faults]
  for (const { requestId, costNano, code } of told) {
    const mine = rows.filter((row) => row.requestId === requestId)
    if (mine.length > 1) faults.push('two rows for one call')
    if (!code && mine[0]?.costNano !== costNano) faults.push('answered call without its row')
    if (code && code !== 'OUTCOME_UNKNOWN' && mine.length) faults.push(`row for a call refused as ${code}`)
    if (code === 'INTERNAL') faults.push('another call in this slot')
  }
  // One row for a key, and every answer under it the same: that of the row.
  const keyOf = new Map(told.flatMap(({ requestId, key }) => (key === undefined ? [] : [[requestId, key] as const])))
  for (const [name, record] of records) {
    const mine = rows.filter(({ nonce }) => nonce === record.nonce)
    if (mine.length !== 1) faults.push(`key ${name}: ${mine.length} rows for its record`)
    const others = told.filter(({ key, answeredBy }) => key === record.key && answeredBy !== undefined)
    if (others.some(({ answeredBy }) => answeredBy !== textOf(record))) faults.push(`key ${name}: two answers`)
  }
  for (const { requestId, nonce } of rows)
    if (keyOf.has(requestId) && ![...records.values()].some((record) => record.nonce === nonce))
      faults.push('a keyed row without its record')
  if (new Set(rows.map(({ requestId }) => requestId)).size !== rows.length) faults.push('two rows for one call')
  return { faults, told }
}

test(`${schedules} random schedules of lost, late and refused requests, twins, deaths and folds -> each call and each key once, chains whole`, async () => {
  let answered = 0
  let unknown = 0
  const refused = new Set<string>()
  for (let seed = 1; seed <= schedules; seed++) {
    const { faults, told } = await schedule(seed)
    expect(faults, `seed ${seed}`).toEqual([])
    answered += told.filter(({ code }) => !code).length
    unknown += told.filter(({ code }) => code === 'OUTCOME_UNKNOWN').length
    for (const { code } of told) if (code) refused.add(code)
  }
  // The schedules must reach what they are about.
  expect(answered).toBeGreaterThan(3 * schedules)
  expect(unknown).toBeGreaterThan(0)
  expect(refused).toContain('NOT_READY')
  expect(refused).toContain('recorded')
})

test('a chain that was opened ahead of one call, another call settled first -> both rows, one chain', async () => {
  const slots: Slot[] = []
  let openings = 0
  const meter = createMeter({
    now: () => 5,
    hourAt: worldHour,
    priceAt: async () => undefined,
    openChain: async () => {
      openings += 1
      return { kind: 'opened' }
    },
    putSlot: async (_, slot) => {
      const by = slots.find(({ number }) => number === slot.number)
      if (by) return { kind: 'occupied', by }
      slots.push(slot)
      return { kind: 'written' }
    },
    putRecordedRow: async () => ({ kind: 'written' }),
    readChain: async () => slots,
    ...nobodyCapped,
    newId: () => `${Math.random()}`,
    sha256: (text) => text,
  })
  const principal = { role: 'consumer', consumerId: 'a', keyId: 'k', grants: ['*'] } as const
  const usage = { model: 'm', version: 1, rows: 1, durationMs: 1, cold: false, requestId: 'r' }
  const [first, second] = [await meter.admit(principal, 'm'), await meter.admit(principal, 'm')]
  await meter.prepare(second, { row: 1 })
  await meter.settle(first, usage)
  await meter.settle(second, usage)
  expect(slots.map(({ number }) => number)).toEqual([1, 2])
  expect(openings).toBe(1)
  expect(meter.prepare(second, { row: 1 })).toBeUndefined()
})
