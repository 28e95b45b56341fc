import type { Hour } from '../ledger/hour.ts'
import { type Nano, zeroNano } from './money.ts'

export const plans = ['postpaid', 'prepaid', 'postpaid-capped'] as const
export type Plan = (typeof plans)[number]

/** An amount a month, and the first month that it holds for. */
export type MonthlyFrom = { readonly month: string; readonly amountNano: Nano }

/** How a consumer pays: what its record says of it. */
export type Account = {
  readonly plan: Plan
  /** Raised by each change of the record, and by the first lease of a month: an item of a month is made of what was read. */
  readonly revision: number
  /** Caps in the order of their months, those of months gone by included. They hold for `postpaid-capped` only. */
  readonly caps?: readonly MonthlyFrom[]
  /** The same of what is free each month. It holds for `prepaid` only. */
  readonly free?: readonly MonthlyFrom[]
  /** Ids of the month items that were made, of the last months. */
  readonly months?: readonly string[]
}

/** The item that pays for a lease. `unlimited` has nothing of its own and only holds what keys with a limit used. */
export type Payer = {
  readonly kind: 'prepaid' | 'capped' | 'free' | 'unlimited'
  readonly id: string
  readonly consumerId: string
  /** Of the hour of the lease. */
  readonly month: string
}

/** `2026-11`: calls belong to the month of their local hour. */
export const monthOf = ({ label }: Pick<Hour, 'label'>): string => label.slice(0, 'YYYY-MM'.length)

const monthsOfYear = 12

export const nextMonth = (month: string): string => {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return number === monthsOfYear ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`
}

/** What holds in a month: the latest that began by then. */
export const amountIn = (history: readonly MonthlyFrom[] | undefined, month: string): Nano | undefined =>
  history?.findLast((from) => from.month <= month)?.amountNano

// A consumer's name has no `/`.
const payerIds = {
  prepaid: (consumerId: string) => consumerId,
  capped: (consumerId: string, month: string) => `${consumerId}/${month}`,
  free: (consumerId: string, month: string) => `${consumerId}/${month}/free`,
  unlimited: (consumerId: string, month: string) => `${consumerId}/${month}/keys`,
} as const

export const payer = (kind: Payer['kind'], consumerId: string, month: string): Payer => ({
  kind,
  id: payerIds[kind](consumerId, month),
  consumerId,
  month,
})

/** What a key may spend in a month, and the key as which that is counted. */
export type KeyLimit = { readonly keyId: string; readonly limitNano: Nano }

/** Whether a call of this account needs a lease, if it costs anything. */
export const needsLease = (account: Account | undefined, limit: KeyLimit | undefined): boolean =>
  limit !== undefined || (account !== undefined && account.plan !== 'postpaid')

/** Who may pay in a month, in the order in which they are tried. */
export const payersOf = (account: Account | undefined, consumerId: string, month: string): readonly Payer[] => {
  const of = (kind: Payer['kind']): Payer => payer(kind, consumerId, month)
  if (account?.plan === 'postpaid-capped') return [of('capped')]
  if (account?.plan !== 'prepaid') return [of('unlimited')]
  return (amountIn(account.free, month) ?? 0) > 0 ? [of('free'), of('prepaid')] : [of('prepaid')]
}

/** What a month's item is made with; undefined for a payer that is of no month. */
export const monthlyOf = (account: Account | undefined, { kind, month }: Payer): Nano | undefined => {
  if (kind === 'capped') return amountIn(account?.caps, month) ?? zeroNano
  if (kind === 'free') return amountIn(account?.free, month) ?? zeroNano
  return undefined
}

/** More months than two clocks can be apart. */
const mostNoted = 4

/** The record once a month's item is made of it. */
export const noteMonth = <Record extends Account>(account: Record, { id }: Payer): Record => ({
  ...account,
  revision: account.revision + 1,
  months: [...(account.months ?? []), id].slice(-2 * mostNoted),
})

/** A history with another amount from a month on; the latest entry never moves back. */
export const changeFrom = (
  history: readonly MonthlyFrom[] | undefined,
  month: string,
  amountNano: Nano,
): readonly MonthlyFrom[] => {
  const before = history ?? []
  const from = before.at(-1) && before.at(-1)!.month > month ? before.at(-1)!.month : month
  return [...before.filter((entry) => entry.month !== from), { month: from, amountNano }].slice(-mostNoted)
}

/** Shares of a cap, in percent, at which its consumer is warned. */
const warnedShares = [100, 80, 50] as const

/** The largest of them that is reached; undefined below the first. */
export const warnedShare = (usedNano: number, capNano: number): number | undefined =>
  capNano > 0 ? warnedShares.find((share) => BigInt(usedNano) * 100n >= BigInt(capNano) * BigInt(share)) : undefined
