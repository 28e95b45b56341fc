import { setTimeout } from 'node:timers/promises'

const hourMs = 3_600_000

const after = async (leftMs: number, marginMs: number): Promise<void> => {
  if (leftMs < marginMs) await setTimeout(leftMs)
}

/** For tests of the hour that goes on: where it is about to end, they begin in the next one. */
export const awayFromHourEnd = (): Promise<void> => after(hourMs - (Date.now() % hourMs), 60_000)

/** For files of the month that goes on. */
export const awayFromMonthEnd = (): Promise<void> => {
  const now = new Date()
  return after(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1) - now.getTime(), 5 * 60_000)
}
