import { Command, Option } from 'commander'
import { getMe, getUsage } from '../../client/billing.ts'
import { clientOf, printResult } from '../context.ts'
import { table } from '../table.ts'

type Options = { readonly by: string; readonly from?: string; readonly to?: string }

/** Shows what a consumer, or the calling key's own, used and owes. */
export const usageCommand = (): Command =>
  new Command('usage')
    .description("show a consumer's calls and what they cost; one's own where none is named")
    .argument('[consumer]')
    .addOption(new Option('--by <group>', 'one line each').choices(['model', 'version', 'day', 'key']).default('model'))
    .option('--from <day>', 'first day, such as 2026-11-01; the first of this month by default')
    .option('--to <day>', 'day after the last')
    .action(async (consumer: string | undefined, options: Options, command: Command) => {
      const client = clientOf(command)
      const { by } = options
      const usage =
        consumer === undefined ? (await getMe(client, options)).usage : await getUsage(client, consumer, options)
      const { totals, currency } = usage
      const rows = [...usage.by.map((line) => [line[by], line.calls, line.units, line.cost])]
      printResult(command, usage, () =>
        table([by, 'calls', 'units', currency], [...rows, ['total', totals.calls, totals.units, totals.cost]]),
      )
    })
