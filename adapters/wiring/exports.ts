import { rowParts, totalParts } from '../exports/csv.ts'
import { listRefusals, readExportCursor } from '../exports/hours.ts'
import { putStripeKey } from '../exports/stripe-key.ts'
import { readHead } from '../ledger/fold.ts'
import { billingHours } from './ledger.ts'
import { billingCurrency } from './terms.ts'
import { documents, kms, registry, setting, settingOr } from './wiring.ts'

/** Exports as the control plane shows them and takes their keys. */
export const exportPlanePorts = () => {
  const ledger = { documents: documents(), table: setting('PERCALL_LEDGER_TABLE') }
  const currency = billingCurrency()
  return {
    /** Whether records are sent there. */
    exporters: {
      events: true,
      stripe: settingOr('PERCALL_STRIPE_METER', '') !== '',
      marketplace: settingOr('PERCALL_MARKETPLACE_PRODUCT', '') !== '',
    },
    lastFolded: async (): Promise<number> => (await readHead(registry())())?.number ?? 0,
    readExportCursor: (name: string) => readExportCursor(ledger, name)(),
    listRefusals: listRefusals(ledger),
    totalParts: totalParts(ledger, currency),
    rowParts: rowParts(ledger, billingHours().hourAt, currency),
    putStripeKey: putStripeKey({ registry: registry(), kms: kms(), keyArn: setting('PERCALL_KEY_ARN') }),
  }
}
