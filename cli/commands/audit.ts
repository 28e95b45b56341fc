import { Command } from 'commander'
import { listAudit } from '../../client/billing.ts'
import type { AuditBody } from '../../client/bodies.ts'
import { eachItem } from '../../client/paging.ts'
import { clientOf, printResult } from '../context.ts'
import { table } from '../table.ts'
import { wholeNumber } from '../values.ts'

type Options = {
  readonly of?: string
  readonly by?: string
  readonly from?: string
  readonly to?: string
  readonly limit: number
}

const usualLimit = 50

const stateText = (state: unknown): string => (state === null ? 'none' : JSON.stringify(state))

/** Shows who changed what. */
export const auditCommand = (): Command =>
  new Command('audit')
    .description('show who changed a price, consumer, key, alias or model, from what to what')
    .option('--of <thing>', 'such as price/cars; key/acme takes all below it')
    .option('--by <key>', 'id of the key that changed it')
    .option('--from <day>', 'first day, such as 2026-11-01')
    .option('--to <day>', 'day after the last')
    .option('--limit <count>', 'most changes', wholeNumber, usualLimit)
    .action(async ({ limit, ...filter }: Options, command: Command) => {
      const client = clientOf(command)
      const changes: AuditBody[] = []
      for await (const change of eachItem('changes', (page) => listAudit(client, { ...filter, ...page }))) {
        if (changes.length === limit) break
        changes.push(change)
      }
      printResult(command, { changes }, () =>
        table(
          ['at', 'by', 'what', 'of', 'from', 'to'],
          changes.map(({ at, actor, action, of, from, to }) => [at, actor, action, of, stateText(from), stateText(to)]),
        ),
      )
    })
