import type { Command } from 'commander'
import type { LimitsBody } from '../client/bodies.ts'
import { wholeNumber } from './values.ts'

export type LimitOptions = LimitsBody

/** The options of limits, which consumers and keys both have. */
export const withLimits = (command: Command): Command =>
  command
    .option('--per-second <count>', 'most requests in a second', wholeNumber)
    .option('--per-minute <count>', 'most requests in a minute', wholeNumber)
    .option('--concurrent <count>', 'most requests at once', wholeNumber)

/** Undefined where none of the options is given. */
export const limitsOf = ({ perSecond, perMinute, concurrent }: LimitOptions): LimitsBody | undefined => {
  const limits = {
    ...(perSecond !== undefined && { perSecond }),
    ...(perMinute !== undefined && { perMinute }),
    ...(concurrent !== undefined && { concurrent }),
  }
  return Object.keys(limits).length > 0 ? limits : undefined
}

/** `10/s, 50/min, 3 at once`. */
export const limitsText = ({ perSecond, perMinute, concurrent }: LimitsBody = {}): string =>
  [
    ...(perSecond === undefined ? [] : [`${perSecond}/s`]),
    ...(perMinute === undefined ? [] : [`${perMinute}/min`]),
    ...(concurrent === undefined ? [] : [`${concurrent} at once`]),
  ].join(', ')
