import { closeSync, openSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { Command, Option } from 'commander'
import { changeReceiverIds, type ExportBody, listExports, putStripeKey, usageCsv } from '../../client/exports.ts'
import { clientOf, note, printResult } from '../context.ts'
import { wrongUsage } from '../failure.ts'
import { table } from '../table.ts'

const exportsText = (exports: readonly ExportBody[]): string =>
  [
    table(
      ['receiver', 'on', 'hours sent', 'hours folded', 'refused'],
      exports.map(({ name, on, done, folded, refused }) => [name, on ? 'yes' : 'no', done, folded, refused.length]),
    ),
    ...exports.flatMap(({ name, refused }) => refused.map(({ id, reason }) => `${name} refused ${id}: ${reason}`)),
  ].join('\n')

const list = (): Command =>
  new Command('list')
    .description('where usage is sent to, and what was refused')
    .action(async (_: object, command: Command) => {
      const exports = await listExports(clientOf(command))
      printResult(command, { exports }, () => exportsText(exports))
    })

const stripeKey = (): Command =>
  new Command('stripe-key')
    .description('set the key that events are sent to Stripe with, read from standard input')
    .action(async (_: object, command: Command) => {
      if (process.stdin.isTTY) note('paste the key, then end the input (Ctrl-D)')
      const key = (await text(process.stdin)).trim()
      if (key === '')
        throw wrongUsage('key: expected one on standard input, got nothing', 'percall export stripe-key < FILE')
      await putStripeKey(clientOf(command), key)
      printResult(command, { set: true }, 'the key is set')
    })

type Ids = { readonly stripe?: string; readonly marketplace?: string }

// An empty text takes an id away.
const idOf = (given: string): string | null => (given === '' ? null : given)

const customer = (): Command =>
  new Command('customer')
    .description("say who a consumer is at Stripe or in AWS Marketplace; '' takes it away")
    .argument('<consumer>')
    .option('--stripe <id>', 'a Stripe customer, cus_...')
    .option('--marketplace <id>', 'an AWS account of 12 digits, or a CustomerIdentifier')
    .action(async (consumer: string, { stripe, marketplace }: Ids, command: Command) => {
      const body = {
        ...(stripe !== undefined && { stripeCustomer: idOf(stripe) }),
        ...(marketplace !== undefined && { marketplaceCustomer: idOf(marketplace) }),
      }
      const changed = await changeReceiverIds(clientOf(command), consumer, body)
      printResult(command, changed, () =>
        table(
          ['consumer', 'stripe', 'marketplace'],
          [[changed.id, changed.stripeCustomer, changed.marketplaceCustomer]],
        ),
      )
    })

type CsvOptions = {
  readonly from?: string
  readonly to?: string
  readonly detail: 'totals' | 'rows'
  readonly out?: string
}

const csv = (): Command =>
  new Command('csv')
    .description("write every consumer's usage as CSV")
    .option('--from <day>', 'first day, such as 2026-11-01; the first of this month by default')
    .option('--to <day>', 'day after the last')
    .addOption(
      new Option('--detail <what>', 'totals of folded hours, or every row')
        .choices(['totals', 'rows'])
        .default('totals'),
    )
    .option('--out <file>', 'where to; standard output by default')
    .action(async ({ out, ...query }: CsvOptions, command: Command) => {
      const file = out === undefined ? process.stdout.fd : openSync(out, 'w')
      let bytes = 0
      for await (const page of usageCsv(clientOf(command), query)) {
        for (let begun = 0; begun < page.length; ) begun += writeSync(file, page, begun)
        bytes += page.length
      }
      if (out === undefined) return
      closeSync(file)
      printResult(command, { file: resolve(out), bytes }, `written to ${resolve(out)}, ${bytes} bytes`)
    })

/** Usage that leaves the product: CSV, EventBridge, Stripe, AWS Marketplace. */
export const exportCommand = (): Command => {
  const command = new Command('export').description('usage as CSV, and where else it is sent')
  for (const inner of [list(), csv(), customer(), stripeKey()]) command.addCommand(inner)
  return command
}
