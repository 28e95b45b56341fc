/** How a schedule ends: no more faults, everything settles, clients persist; then nothing may be missing. */
import { type Account, monthOf, payersOf } from '../../src/billing/plan.ts'
import { sweepLeases } from '../../src/ledger/sweep-leases.ts'
import { limitedKey } from './core.ts'
import { hours, ledgerOf } from './invariants.ts'
import { foldAll, reconcileAll, totalFault } from './reconciling.ts'
import { consumerIds, microtasks, type Run } from './schedule.ts'

const mostTurns = 20_000

const settleDown = async ({ world: { network, tails } }: Run): Promise<void> => {
  network.calm = true
  let open = tails.length
  for (let turns = 0; open > 0; turns++) {
    if (turns > mostTurns) throw new Error('stuck: a request never ends')
    for (const { owner, resume } of network.waiting.splice(0)) resume(owner.dead ? 'answer lost' : 'answer')
    const alive = tails.filter(({ owner }) => !owner.dead)
    const ended = Promise.all(alive.map(({ tail }) => tail)).then(() => 0)
    open = await Promise.race([ended, microtasks().then(() => alive.length)])
  }
}

const sweepAll = async ({ world }: Run): Promise<void> => {
  const tables = world.tablesOf(world.newOwner())
  for (const hour of new Set(ledgerOf(world.network).openings.map((opening) => opening.hour)))
    await sweepLeases(world.finishers(tables))(await world.openingsOf(tables, hour), world.world.nowMs)
}

const faultOfTold = ({ world: { network, told } }: Run): string | undefined => {
  const { openings, rowsOf, records } = ledgerOf(network)
  const rows = openings.flatMap(({ id }) => rowsOf(id))
  const costs = new Map<string, number>()
  for (const { requestId, costNano } of rows) {
    if (costs.has(requestId)) return `call ${requestId}: two rows`
    costs.set(requestId, costNano)
  }
  const ofKey = new Map<string, Set<string>>()
  for (const { requestId, code, costNano, key, answeredBy } of told) {
    const there = costs.get(requestId)
    if (code === 'fault' || code === 'INTERNAL') return `call ${requestId}: ${code}`
    if (code === undefined && costNano !== undefined && there !== costNano)
      return `call ${requestId}: answered without its row`
    if (code !== undefined && code !== 'OUTCOME_UNKNOWN' && there !== undefined)
      return `call ${requestId}: a row, but ${code}`
    if (key !== undefined && answeredBy !== undefined) ofKey.set(key, (ofKey.get(key) ?? new Set()).add(answeredBy))
  }
  for (const [key, answers] of ofKey) if (answers.size > 1) return `key ${key}: two answers`
  const nonces = rows.map(({ nonce }) => nonce)
  for (const { key, nonce } of records)
    if (nonces.filter((one) => one === nonce).length !== 1) return `key ${key}: not one row`
  return undefined
}

/** Keyed calls that nobody answered come again until they are; then what is left is spent, row by row. */
const persist = async (run: Run): Promise<string | undefined> => {
  const { world } = run
  const environment = world.environment(0)
  const asked = [...new Set(world.told.flatMap(({ key }) => (key === undefined ? [] : [key])))]
  for (const key of asked) {
    const consumerId = key.replace(/\d+$/, '')
    const rows = 1 + (Number(key.slice(consumerId.length)) % 3)
    const { code } = await environment.serveNow({ consumerId, rows, key, limited: false, fails: false })
    if (code !== undefined && code !== 'PAYMENT_REQUIRED') return `key ${key}: ${code} on a calm day`
  }
  const accountOf = (consumerId: string): Account =>
    ledgerOf(world.network).consumers.find(({ id }) => id === consumerId)!
  /** Of the items that pay for a consumer now, one that has what a row costs. */
  const payerLeft = (consumerId: string) => {
    const { balances, prices } = ledgerOf(world.network)
    const hour = hours(world.world.nowMs)
    const inForce = prices.filter(({ fromMs }) => fromMs <= hour.startMs).sort((a, b) => b.fromMs - a.fromMs)[0]!
    const payers = payersOf(accountOf(consumerId), consumerId, monthOf(hour)).map(({ id }) => id)
    const left = balances.find(
      ({ id, availableNano = Infinity }) => payers.includes(String(id)) && Number(availableNano) >= inForce.nanoPerUnit,
    )
    return { left, priceNano: Number(inForce.nanoPerUnit), month: monthOf(hour) }
  }
  for (const consumerId of consumerIds) {
    let code: string | undefined
    for (let calls = 0; code === undefined; calls++) {
      if (calls > 1_000) return `limited key of ${consumerId}: never refused`
      code = (await environment.serveNow({ consumerId, rows: 1, limited: true, fails: false })).code
    }
    if (code !== 'PAYMENT_REQUIRED') return `limited key of ${consumerId}: ${code} on a calm day`
    const { left, priceNano, month } = payerLeft(consumerId)
    const spending = ledgerOf(world.network).keys.find(
      (one) => one.keyId === limitedKey(consumerId) && one.month === month,
    )
    const usedNano = Number(spending?.usedNano ?? 0)
    if (left && usedNano + priceNano <= world.setting.limitNano)
      return `limited key of ${consumerId}: refused with ${usedNano} used and ${String(left.availableNano)} left`
  }
  for (const consumerId of consumerIds.filter((id) => accountOf(id).plan !== 'postpaid')) {
    let code: string | undefined
    for (const rows of [5, 1]) {
      code = undefined
      for (let calls = 0; code === undefined; calls++) {
        if (calls > 1_000) return `${consumerId}: never refused`
        code = (await environment.serveNow({ consumerId, rows, limited: false, fails: false })).code
      }
    }
    if (code !== 'PAYMENT_REQUIRED') return `${consumerId}: ${code} on a calm day`
    const { left } = payerLeft(consumerId)
    if (left) return `${consumerId}: refused with ${left.availableNano} left`
  }
  environment.end()
  await settleDown(run)
  return undefined
}

/** Once all hours are over: they are folded, totals are the sums of rows, and reconciliation finds nothing. */
const foldFault = async (world: Run['world']): Promise<string | undefined> => {
  world.world.nowMs += 8 * 3_600_000
  const waiting = await foldAll(world)
  if (waiting > 0) return `fold: ${waiting} hours wait`
  const [difference] = await reconcileAll(world)
  return (await totalFault(world)) ?? (difference && `reconciliation: ${JSON.stringify(difference)}`)
}

/** Throws what is wrong once everything has settled. */
export const finish = async (run: Run, isWhole?: (run: Run) => string | undefined): Promise<void> => {
  const { world, environments } = run
  const { network } = world
  await settleDown(run)
  // Half of the processes are told to end, the others are gone without a word.
  for (const environment of environments.filter((_, i) => i % 2 === 0)) environment.end()
  await settleDown(run)
  for (const [i, late] of network.held.splice(0, network.held.length >> 1).entries()) if (i >= 0) late()
  world.world.nowMs += 2 * 3_600_000
  await sweepAll(run)
  const stuck = ledgerOf(network).openings.find(({ lease }) => lease?.state === 'open')
  // Calm days are long: they are looked at once they are over.
  const { onWrite } = network
  network.onWrite = () => undefined
  const fault = stuck ? `lease of ${stuck.id}: never settled` : await persist(run)
  network.onWrite = onWrite
  for (const late of network.held.splice(0)) late()
  world.check()
  world.world.nowMs += 2 * 3_600_000
  await sweepAll(run)
  const folded = [...world.folded].find(([label, rows]) => world.rowsOf(label) !== rows)
  const first =
    world.world.faults[0] ?? fault ?? faultOfTold(run) ?? (folded && `hour ${folded[0]}: changed after its fold`)
  const last = first ?? (await foldFault(world)) ?? isWhole?.(run)
  if (last !== undefined) throw new Error(last)
}
