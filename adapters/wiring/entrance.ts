import { randomBytes } from 'node:crypto'
import { createKeyUses } from '../../src/access/key-use.ts'
import { createLimiter } from '../../src/access/rate-limit.ts'
import { putKeyUse } from '../access/key-uses.ts'
import { slots, takeBlock } from '../access/rate-limits.ts'
import { documents, registry, setting } from './wiring.ts'

const nowMs = (): number => Date.now()

// 48 bits, among at most 1,000 requests that are under way.
const slotIdBytes = 6

/** What happens to a request between its key and its body. */
export const entrancePorts = () => {
  const ledger = { documents: documents(), table: setting('PERCALL_LEDGER_TABLE') }
  const newId = (): string => randomBytes(slotIdBytes).toString('base64url')
  return {
    limit: createLimiter({ nowMs, takeBlock: takeBlock(ledger), slots: slots(ledger), newId }),
    noteUse: createKeyUses({ nowMs, putKeyUse: putKeyUse(registry()) }),
  }
}
