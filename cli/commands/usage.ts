import { Command, Option } from 'commander'
import { getAllUsage, getMe, getUsage, type UsageQuery } from '../../client/billing.ts'
import type { UsageBody } from '../../client/bodies.ts'
import type { Client } from '../../client/client.ts'
import { csvLine } from '../../src/csv/csv-line.ts'
import { clientOf, printResult } from '../context.ts'
import { wrongUsage } from '../failure.ts'
import { daysBetween, sparkline } from '../sparkline.ts'
import { table } from '../table.ts'

type Options = {
  readonly by: string
  readonly from?: string
  readonly to?: string
  readonly all?: boolean
  readonly csv?: boolean
}

type Read = (query: UsageQuery) => Promise<UsageBody>

const reader = (client: Client, consumer: string | undefined, all: boolean | undefined): Read => {
  if (all) return (query) => getAllUsage(client, query)
  if (consumer !== undefined) return (query) => getUsage(client, consumer, query)
  return async (query) => (await getMe(client, query)).usage
}

/** Every group of it. */
const readAll = async (read: Read, query: UsageQuery): Promise<UsageBody> => {
  let page = await read(query)
  const by = [...page.by]
  while (page.next !== undefined) {
    page = await read({ ...query, next: page.next })
    by.push(...page.by)
  }
  const { next: _, ...usage } = page
  return { ...usage, by }
}

/** Calls of each day as bars, from the first day with a call to the last. */
const trendOf = ({ by }: UsageBody): string => {
  const calls = new Map(by.map(({ day, calls: count }) => [String(day), count]))
  const days = [...calls.keys()].sort()
  const [first, last] = [days[0], days.at(-1)]
  if (first === undefined || last === undefined) return ''
  return `\ncalls by day, ${first} to ${last}: ${sparkline(daysBetween(first, last).map((day) => calls.get(day) ?? 0))}`
}

/** Shows what a consumer, all of them, or the calling key's own, used and owes. */
export const usageCommand = (): Command =>
  new Command('usage')
    .description("show a consumer's calls and what they cost; one's own where none is named")
    .argument('[consumer]')
    .addOption(
      new Option('--by <group>', 'one line each; consumer with --all')
        .choices(['model', 'version', 'day', 'hour', 'key', 'consumer'])
        .default('model'),
    )
    .option('--all', 'of all consumers')
    .option('--from <day>', 'first day, such as 2026-11-01; the first of this month by default')
    .option('--to <day>', 'day after the last')
    .option('--csv', 'as CSV')
    .action(async (consumer: string | undefined, options: Options, command: Command) => {
      const { by, all, csv, ...days } = options
      if (all && consumer !== undefined)
        throw wrongUsage(`--all: expected no consumer, got ${consumer}`, 'name a consumer, or give --all')
      const read = reader(clientOf(command), consumer, all)
      const usage = await readAll(read, { by, ...days })
      const { totals, currency } = usage
      const rows = usage.by.map((line) => [line[by] ?? '', line.calls, line.units, line.cost])
      if (csv) {
        const text = [[by, 'calls', 'units', 'cost', 'currency'], ...rows.map((row) => [...row, currency])].map(csvLine)
        return printResult(command, usage, text.join('\n'))
      }
      const byDay = by === 'day' ? usage : await readAll(read, { by: 'day', ...days })
      const shown = table(
        [by, 'calls', 'units', currency],
        [...rows, ['total', totals.calls, totals.units, totals.cost]],
      )
      printResult(command, usage, `${shown}${trendOf(byDay)}`)
    })
