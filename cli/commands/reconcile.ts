import { setTimeout as sleep } from 'node:timers/promises'
import { Command } from 'commander'
import type { Client } from '../../client/client.ts'
import { beginReconciliation, getReconciliation, type ReconciliationBody } from '../../client/reconciliations.ts'
import { clientOf, note, printResult } from '../context.ts'
import { Failure } from '../failure.ts'
import { faultOf } from '../fault-of.ts'
import { table } from '../table.ts'

type Options = { readonly from?: string; readonly to?: string }

const pollMs = 500

const untilEnded = async (client: Client, id: string): Promise<ReconciliationBody> => {
  let hours = 0
  for (;;) {
    const reconciliation = await getReconciliation(client, id)
    if (reconciliation.state !== 'running') return reconciliation
    if (reconciliation.hours > hours) note(`${reconciliation.hours} hours, ${reconciliation.rows} rows ...`)
    hours = reconciliation.hours
    await sleep(pollMs)
  }
}

const textOf = ({ hours, rows, found, differences }: ReconciliationBody): string => {
  const looked = `${hours} hours, ${rows} rows: ${found} differences`
  if (found === 0) return looked
  const lines = differences.map(({ kind, hour, consumer, chain, text }) => [kind, hour, consumer, chain, text])
  return `${table(['difference', 'hour', 'consumer', 'chain', 'what'], lines)}\n${looked}`
}

/** Compares what is billed with the rows it is of. */
export const reconcileCommand = (): Command =>
  new Command('reconcile')
    .description('recompute totals, records and balances from the rows, and show every difference; exits with 1 on any')
    .option('--from <day>', 'first day, such as 2026-11-01; the first of this month by default')
    .option('--to <day>', 'day after the last')
    .action(async (options: Options, command: Command) => {
      const client = clientOf(command)
      const { id } = await beginReconciliation(client, options)
      const reconciliation = await untilEnded(client, id)
      const { error, found } = reconciliation
      if (error)
        throw new Failure(error.code, `reconciliation ${id}: ${error.message}`, error.hint, {
          fault: faultOf(error.code),
        })
      printResult(command, reconciliation, () => textOf(reconciliation))
      if (found > 0)
        throw new Failure(
          'DIFFERENCES',
          `reconciliation ${id}: expected no differences, found ${found}`,
          'docs/billing.md says what each kind means and what to do',
          { fault: 'none' },
        )
    })
