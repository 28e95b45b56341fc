import type { Consumer } from '../access/consumer.ts'
import type { Balance } from '../ledger/lease.ts'
import { formatNano, type Nano } from './money.ts'
import { type Payer, payer, warnedShare } from './plan.ts'

/** A share of a month's cap that is spent. Its consumer is told once. */
export type CapWarning = {
  readonly payer: Payer
  readonly sharePercent: number
  readonly capNano: Nano
  readonly spentNano: Nano
}

/** What is to be told of a month; undefined where nothing new is. Leases that are open count when they are settled. */
const warningOf = (of: Payer, { totalNano, spentNano, warnedPercent = 0 }: Balance): CapWarning | undefined => {
  const sharePercent = totalNano && warnedShare(spentNano, totalNano)
  if (!totalNano || !sharePercent || sharePercent <= warnedPercent) return undefined
  return { payer: of, sharePercent, capNano: totalNano, spentNano }
}

/** As a CloudEvent: source and id are unique together. https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md */
export const capEventOf = (
  { payer: { id, consumerId, month }, sharePercent, capNano, spentNano }: CapWarning,
  { source, currency, nowMs }: { readonly source: string; readonly currency: string; readonly nowMs: number },
) => ({
  specversion: '1.0',
  id: `${id}/${sharePercent}`,
  source,
  type: 'percall.cap.share',
  subject: consumerId,
  time: new Date(nowMs).toISOString(),
  datacontenttype: 'application/json',
  data: {
    consumer: consumerId,
    month,
    share: `${sharePercent}%`,
    cap: formatNano(capNano),
    spent: formatNano(spentNano),
    currency,
  },
})

export type WarnPorts = {
  readonly consumers: () => AsyncIterable<Consumer>
  readonly readBalance: (payerId: string) => Promise<Balance | undefined>
  /** Sends the event, then notes its share. */
  readonly tell: (warning: CapWarning) => Promise<void>
}

/** Tells of each share of a cap that was reached in these months. An event that fails comes with the next look. -> how many. */
export const warnOfCaps =
  ({ consumers, readBalance, tell }: WarnPorts) =>
  async (months: readonly string[]): Promise<number> => {
    let told = 0
    for await (const { id, plan } of consumers()) {
      if (plan !== 'postpaid-capped') continue
      for (const month of months) {
        const of = payer('capped', id, month)
        const balance = await readBalance(of.id)
        const warning = balance && warningOf(of, balance)
        if (!warning) continue
        await tell(warning)
        told += 1
      }
    }
    return told
  }
