import { formatNano } from '../billing/money.ts'
import { monthOf, nextMonth, type Payer, payer } from '../billing/plan.ts'
import type { Difference } from './difference.ts'
import { type HourAt, startOfDay } from './hour.ts'
import type { Balance } from './lease.ts'
import { type KeyPorts, reconcileKeys } from './reconcile-keys.ts'
import type { HourRange } from './totals.ts'

export type BalancePorts = KeyPorts & {
  readonly readBalance: (id: string) => Promise<Balance | undefined>
  readonly sumCredits: (consumerId: string) => Promise<bigint>
}

type Held = { readonly leasedNano: bigint; readonly spentNano: bigint; readonly leases: number }

/** What a payer's leases come to: of folded hours by their totals, of the others by what opened their chains. */
const heldBy =
  ({ listUnfolded, listOwn, listTotals }: BalancePorts) =>
  async ({ kind, id, consumerId }: Payer, range: HourRange): Promise<Held> => {
    // An hour that is folded meanwhile counts by its leases.
    const live = await listUnfolded(range, consumerId)
    const labels = new Set(live.map(({ label }) => label))
    let [leasedNano, spentNano, leases] = [0n, 0n, 0]
    for (const { hour, lines } of await listTotals(consumerId, range))
      if (!labels.has(hour)) for (const line of lines) if (line.paidBy === kind) spentNano += line.costNano
    for (const { label } of live)
      for (const { lease } of await listOwn(label, consumerId)) {
        if (lease?.payer.id !== id) continue
        if (lease.state === 'open') {
          leasedNano += BigInt(lease.sizeNano)
          leases += 1
        } else spentNano += BigInt(lease.sumNano ?? 0)
      }
    return { leasedNano, spentNano, leases }
  }

const isSame = (a: Balance, b: Balance | undefined): boolean =>
  a.totalNano === b?.totalNano &&
  a.availableNano === b?.availableNano &&
  a.leasedNano === b?.leasedNano &&
  a.spentNano === b?.spentNano &&
  a.leases === b?.leases &&
  a.taken === b?.taken

const mostReads = 8

const monthlyKinds = ['capped', 'free', 'unlimited'] as const

const addsUp = ({ totalNano, availableNano, leasedNano, spentNano }: Balance): boolean =>
  totalNano === undefined ||
  availableNano === undefined ||
  BigInt(totalNano) === BigInt(availableNano) + BigInt(leasedNano) + BigInt(spentNano)

/** What is wrong: credits, or the amount of the month = available + open leases + settled rows. `held` is undefined where it moves. */
const faultsOf = (balance: Balance, credits: bigint | undefined, held: Held | undefined): readonly string[] => {
  const { totalNano, leasedNano, spentNano, leases } = balance
  const sums: readonly (readonly [string, bigint | undefined, number | undefined])[] = [
    ['open leases', held?.leasedNano, leasedNano],
    ['settled rows', held?.spentNano, spentNano],
    ['credits', credits, totalNano],
  ]
  return [
    ...sums.flatMap(([name, expected, got]) =>
      expected === undefined || got === undefined || expected === BigInt(got)
        ? []
        : [`${name}: expected ${formatNano(expected)}, got ${formatNano(got)}`],
    ),
    ...(held && held.leases !== leases ? [`open leases: expected ${held.leases} of them, got ${leases}`] : []),
    ...(addsUp(balance) ? [] : ['expected available + open leases + settled rows to be the total']),
  ]
}

const balanceFaults =
  (ports: BalancePorts) =>
  async (of: Payer, range: HourRange): Promise<readonly string[]> => {
    let balance = await ports.readBalance(of.id)
    for (let reads = 0; balance && reads < mostReads; reads++) {
      const credits = of.kind === 'prepaid' ? await ports.sumCredits(of.consumerId) : undefined
      const held = await heldBy(ports)(of, range)
      const after = await ports.readBalance(of.id)
      if (isSame(balance, after)) return faultsOf(balance, credits, held)
      balance = after
    }
    return balance ? faultsOf(balance, undefined, undefined) : []
  }

/** Clocks of environments may be ahead. */
const aheadMs = 2 * 3_600_000

/**
 * Compares one consumer's prepaid balance, and those of these months, with its credits, leases and rows, and its keys with their leases. A balance that
 * moves while it is read is read again; one that never rests is compared with itself only.
 */
export const reconcileBalances =
  (ports: BalancePorts) =>
  async (consumerId: string, months: ReadonlyMap<string, HourRange>, nowMs: number): Promise<readonly Difference[]> => {
    const monthly = [...months].flatMap(([month, range]) =>
      monthlyKinds.map((kind) => ({ of: payer(kind, consumerId, month), range })),
    )
    const prepaid = { of: payer('prepaid', consumerId, ''), range: { fromMs: 0, toMs: nowMs + aheadMs } }
    const differences: Difference[] = []
    for (const { of, range } of [prepaid, ...monthly])
      for (const text of await balanceFaults(ports)(of, range))
        differences.push({ kind: 'balance differs', consumer: consumerId, text: `balance ${of.id}: ${text}` })
    for (const [month, range] of months) differences.push(...(await reconcileKeys(ports)(consumerId, month, range)))
    return differences
  }

/** The months from the one of an instant to that of another, each with its hours. */
export const monthsOf = (hourAt: HourAt, fromMs: number, toMs: number): ReadonlyMap<string, HourRange> => {
  const startOf = (month: string): number => startOfDay(hourAt, `${month}-01`)
  const last = monthOf(hourAt(toMs))
  const months = new Map<string, HourRange>()
  for (let month = monthOf(hourAt(fromMs)); month <= last; month = nextMonth(month))
    months.set(month, { fromMs: startOf(month), toMs: startOf(nextMonth(month)) })
  return months
}
