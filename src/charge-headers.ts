import type { Charge } from './call.ts'
import { formatNano } from './money.ts'
import type { Version } from './version.ts'

/** What an answered call says of what it used and cost. */
export const chargeHeaders = (
  { model, number }: Pick<Version, 'model' | 'number'>,
  { units, costNano }: Charge,
  cold: boolean,
): Readonly<Record<string, string>> => ({
  'percall-version': `${model}/${number}`,
  'percall-units': String(units),
  'percall-cost': formatNano(costNano),
  'percall-cold': cold ? '1' : '0',
})
