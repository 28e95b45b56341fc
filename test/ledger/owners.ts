/** What sweeps, folds and owners of the deployment do besides the calls, each with a client of its own. */
import { changeConsumer, putConsumer, readConsumer } from '../../adapters/access/consumers.ts'
import { putCredit } from '../../adapters/ledger/credits.ts'
import { shardOf } from '../../adapters/ledger/ledger-keys.ts'
import { listOpenings } from '../../adapters/ledger/openings.ts'
import { latestOpenedMs, putPrice } from '../../adapters/ledger/prices.ts'
import { auditOfConsumer } from '../../src/access/audited.ts'
import type { Consumer } from '../../src/access/consumer.ts'
import { changePlan } from '../../src/billing/change-plan.ts'
import { toNano } from '../../src/billing/money.ts'
import { monthOf, type Plan } from '../../src/billing/plan.ts'
import { createFold, foldHour } from '../../src/ledger/fold.ts'
import type { Hour } from '../../src/ledger/hour.ts'
import { sweepLeases } from '../../src/ledger/sweep-leases.ts'
import { hourOfLabel } from '../../src/ledger/totals.ts'
import { type Core, registryName } from './core.ts'
import { foldPortsOf } from './folding.ts'
import { hours, ledgerOf } from './invariants.ts'
import { reconcileAll } from './reconciling.ts'

const changed = (before: Consumer | undefined, after: Consumer) =>
  auditOfConsumer({ actor: 'o', action: 'consumer.change', before, after, atMs: 0 })

const priceOf = (nanoPerUnit: number, fromMs: number) =>
  ({ model: 'm', unit: 'row', nanoPerUnit: toNano(nanoPerUnit), minimumPerCallNano: toNano(0), fromMs }) as const

export const ownersOf = ({
  setting,
  world,
  network,
  uncapped,
  newId,
  newOwner,
  tablesOf,
  background,
  finishers,
}: Core) => {
  const folded = new Map<string, number>()
  const recentHours = () => Array.from({ length: 12 }, (_, i) => hours(world.nowMs - i * 3_600_000).label)

  /** Of an hour, of the shards that have consumers. */
  const openingsOf = async ({ ledger }: ReturnType<typeof tablesOf>, hour: string) => {
    const found = []
    for (const shard of new Set(setting.consumers.map(({ id }) => shardOf(id))))
      found.push(...(await listOpenings(ledger)(hour, shard)))
    return found
  }

  const sweep = (skewMs: number): void =>
    background(async (tables) => {
      for (const hour of recentHours().slice(0, 2))
        await sweepLeases(finishers(tables))(await openingsOf(tables, hour), world.nowMs + skewMs)
    })

  /** Folds an hour, or all that are over by a clock. A frozen fold goes on with what it read long ago. */
  const fold = (label: string | undefined, skewMs: number): void =>
    background(async (tables) => {
      const ports = foldPortsOf({ setting }, tables)
      const putRecord = async (hour: Hour): Promise<void> => {
        await ports.putRecord(hour)
        folded.set(hour.label, rowsOf(hour.label))
      }
      const own = { ...ports, putRecord }
      const nowMs = world.nowMs + skewMs
      if (label === undefined) await createFold(own)(nowMs)
      else await foldHour(own)(hourOfLabel(hours, label), nowMs)
    })

  /** Also while all else goes on: it finds nothing. */
  const reconcile = (): void => {
    const differences = reconcileAll({ setting, world, tablesOf, newOwner, network })
    background(async () => {
      for (const one of await differences) world.faults.push(`reconciliation: ${JSON.stringify(one)}`)
    })
  }

  const rowsOf = (label: string): number => {
    const openings = ledgerOf(network).openings.filter(({ hour }) => hour === label)
    return openings.flatMap(({ id }) => ledgerOf(network).rowsOf(id)).length
  }

  const credit = (consumerId: string, amountNano: number, times: number): void => {
    const id = newId()
    const given = { id, consumerId, amountNano: toNano(amountNano), memo: '', actor: 'o', createdAtMs: world.nowMs }
    for (let i = 0; i < times; i++) background(({ ledger }) => putCredit(ledger, registryName)(given))
  }

  const recap = (consumerId: string, amountNano: number): void =>
    background(async ({ registry }) => {
      const consumer = await readConsumer(registry)(consumerId)
      if (!consumer) return
      const change = consumer.plan === 'prepaid' ? { freeNano: toNano(amountNano) } : { capNano: toNano(amountNano) }
      const { after, months } = changePlan(consumer, change, monthOf(hours(world.nowMs)))
      await changeConsumer(registry, 'ledger')({ before: consumer, after, months }, changed(consumer, after))
    })

  /** A plan may be changed at any time, also in the middle of a month and back. */
  const replan = (consumerId: string, plan: Plan, capNano: number): void =>
    background(async ({ registry }) => {
      const consumer = await readConsumer(registry)(consumerId)
      if (!consumer) return
      if (plan === 'postpaid') uncapped.add(consumerId)
      const change = { plan, ...(plan === 'postpaid-capped' && { capNano: toNano(capNano) }) }
      const { after, months } = changePlan(consumer, change, monthOf(hours(world.nowMs)))
      await changeConsumer(registry, 'ledger')({ before: consumer, after, months }, changed(consumer, after))
    })

  const reprice = (nanoPerUnit: number): void =>
    background(async ({ registry }) => {
      const openedMs = await latestOpenedMs(registry)()
      const fromMs = hours(Math.max(openedMs, world.nowMs)).endMs
      await putPrice(registry)(priceOf(nanoPerUnit, fromMs), 'o', world.nowMs)
    })

  /** All that is there before the schedule begins. */
  const begin = async (nanoPerUnit: number): Promise<void> => {
    network.calm = true
    const { registry, ledger } = tablesOf(newOwner())
    network.run('PutItem', { TableName: 'registry', Item: { pk: 'MODEL', sk: 'm', name: 'm' } })
    await putPrice(registry)(priceOf(nanoPerUnit, 0), 'o', world.nowMs)
    for (const one of setting.consumers) {
      const consumer = { ...one, grants: ['*'], createdAtMs: 0, revision: 1 }
      await putConsumer(registry)(consumer, changed(undefined, consumer))
    }
    for (const [consumerId, amountNano] of Object.entries(setting.credits))
      await putCredit(
        ledger,
        registryName,
      )({
        id: newId(),
        consumerId,
        amountNano: toNano(amountNano),
        memo: '',
        actor: 'o',
        createdAtMs: 0,
      })
    network.calm = false
  }

  return { folded, rowsOf, reconcile, sweep, fold, credit, recap, replan, reprice, begin, openingsOf }
}
