import { formatNano } from '../billing/money.ts'
import { warnedShare } from '../billing/plan.ts'
import type { Version } from '../registry/version.ts'
import type { BalanceLeft, Charge } from './charge.ts'

/** What an answered call says of what it used and cost. */
export const chargeHeaders = (
  { model, number }: Pick<Version, 'model' | 'number'>,
  { units, costNano, balance }: Charge,
  cold: boolean,
): Readonly<Record<string, string>> => ({
  'percall-version': `${model}/${number}`,
  'percall-units': String(units),
  'percall-cost': formatNano(costNano),
  'percall-cold': cold ? '1' : '0',
  ...(balance && balanceHeaders(balance)),
})

const balanceHeaders = ({ kind, leftNano, ofNano }: BalanceLeft): Readonly<Record<string, string>> => {
  const share = kind === 'capped' ? warnedShare(ofNano - leftNano, ofNano) : undefined
  return {
    'percall-balance': formatNano(leftNano),
    ...(share !== undefined && { 'percall-cap-used': `${share}%` }),
  }
}
