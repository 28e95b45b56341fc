import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Command } from 'commander'
import { ApiError, type Client } from '../../client/client.ts'
import {
  adjustInvoice,
  getInvoice,
  getInvoicePage,
  type InvoiceBody,
  type InvoiceLineBody,
  type InvoiceSummaryBody,
  listInvoices,
} from '../../client/invoices.ts'
import { eachAtMost } from '../../src/each-at-most.ts'
import { clientOf, note, printResult } from '../context.ts'
import { everyPage } from '../every-page.ts'
import { wrongUsage } from '../failure.ts'
import { table } from '../table.ts'

const monthPattern = /^\d{4}-\d{2}$/

const mostReadsAtOnce = 4

/** The amounts of a draft as they are now; undefined where the month was closed meanwhile, with nothing to invoice. */
const draftAmounts = async (client: Client, consumer: string | undefined, month: string) => {
  try {
    const { currency, total, due } = await getInvoice(client, consumer, month)
    return { currency, total, due }
  } catch (error) {
    if (error instanceof ApiError && error.code === 'UNKNOWN_INVOICE') return undefined
    throw error
  }
}

/** A draft is not in the list with its amounts, since it is computed when it is asked for. */
const withDrafts = async (
  client: Client,
  consumer: string | undefined,
  invoices: readonly InvoiceSummaryBody[],
): Promise<readonly InvoiceSummaryBody[]> => {
  const whole = [...invoices]
  await eachAtMost(mostReadsAtOnce, invoices.entries(), async ([i, one]) => {
    if (one.state === 'draft') whole[i] = { ...one, ...(await draftAmounts(client, consumer, one.month)) }
  })
  return whole
}

const listText = (invoices: readonly InvoiceSummaryBody[]): string =>
  table(
    ['month', 'state', 'number', 'total', 'due', 'currency'],
    invoices.map(({ month, state, number, total, due, currency }) => [month, state, number, total, due, currency]),
  )

const wordsOf = ({ kind, model = '', price, from, memo = '' }: InvoiceLineBody): string => {
  if (kind === 'usage') return price === undefined ? `${model}, without a price` : model
  if (kind === 'minimum') return `${model}, minimum of calls`
  if (kind === 'free') return `${model}, free units`
  return kind === 'tier' ? `${model}, units behind ${from}` : memo
}

/** What a unit costs, or what it gets back. */
const backOf = ({ kind, unitPrice }: InvoiceLineBody): string | undefined =>
  unitPrice !== undefined && (kind === 'free' || kind === 'tier') ? `-${unitPrice}` : unitPrice

const invoiceText = ({ consumer, month, state, number, currency, lines, total, paid, due }: InvoiceBody): string => {
  const title =
    state === 'final' ? `invoice ${number} of ${consumer} for ${month}` : `draft of ${consumer} for ${month}`
  const rows = lines.map((line) => [wordsOf(line), line.units, line.unit, backOf(line), line.amount])
  const sums = [
    ['total', '', '', '', total],
    ...paid.map(({ by, amount }) => [`paid: ${by}`, '', '', '', `-${amount}`]),
    due.startsWith('-') ? ["in the consumer's favour", '', '', '', due.slice(1)] : ['due', '', '', '', due],
  ]
  return `${title}\n${table(['line', 'units', 'unit', 'unit price', currency], [...rows, ...sums])}`
}

type Asked = { readonly consumer: string | undefined; readonly month: string | undefined }

/** A month alone is one's own. */
const askedOf = (consumer: string | undefined, month: string | undefined): Asked =>
  consumer !== undefined && month === undefined && monthPattern.test(consumer)
    ? { consumer: undefined, month: consumer }
    : { consumer, month }

/** Lists invoices, or shows one. */
export const invoiceCommand = (): Command =>
  new Command('invoice')
    .description("list a consumer's invoices, or show that of a month; one's own where none is named")
    .argument('[consumer]')
    .argument('[month]', 'such as 2026-11')
    .option('--html <file>', 'write the printable page')
    .action(
      async (first: string | undefined, second: string | undefined, { html }: { html?: string }, command: Command) => {
        const { consumer, month } = askedOf(first, second)
        const client = clientOf(command)
        if (month === undefined) {
          if (html !== undefined)
            throw wrongUsage(
              '--html: expected a month beside it, got none',
              'percall invoice CONSUMER 2026-11 --html FILE',
            )
          const listed = await everyPage('invoices', (query) => listInvoices(client, consumer, query))
          const invoices = await withDrafts(client, consumer, listed)
          printResult(command, { invoices }, () => listText(invoices))
          const shown = invoices.find(({ state }) => state === 'draft') ?? invoices[0]
          if (shown) note(`${['percall invoice', consumer ?? [], shown.month].flat().join(' ')} shows its lines`)
          return
        }
        const invoice = await getInvoice(client, consumer, month)
        if (html !== undefined) writeFileSync(html, await getInvoicePage(client, consumer, month))
        const written = html === undefined ? '' : `\nwritten to ${resolve(html)}`
        printResult(command, invoice, () => `${invoiceText(invoice)}${written}`)
      },
    )

/** Adds to an invoice, or takes away. */
export const adjustCommand = (): Command =>
  new Command('adjust')
    .description("add an amount to a consumer's invoice, or take it away: percall adjust acme -2.50 --memo outage")
    .argument('<consumer>')
    .argument('<amount>', "a decimal other than 0; below 0 in the consumer's favour")
    .requiredOption('--memo <text>', 'why, printed on the invoice')
    .option('--month <month>', 'whose invoice, such as 2026-11; the current one by default')
    .option('--id <key>', 'names it, so that it is made once however often this is repeated')
    .action(
      async (
        consumer: string,
        amount: string,
        { memo, month, id }: { readonly memo: string; readonly month?: string; readonly id?: string },
        command: Command,
      ) => {
        const body = { amount, memo, ...(month !== undefined && { month }) }
        const made = await adjustInvoice(clientOf(command), consumer, body, id)
        printResult(command, made, () =>
          table(
            ['adjustment', 'month', 'amount', 'memo', 'by key', 'made'],
            [[made.id, made.month, made.amount, made.memo, made.actor, made.createdAt]],
          ),
        )
      },
    )
