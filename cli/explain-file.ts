import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import type { Client } from '../client/client.ts'
import { type ExplainOptions, explainQuestion } from '../client/explain.ts'
import { quotes } from '../client/quote.ts'
import type { Instance } from '../client/rows.ts'
import { again, repeated } from './again.ts'
import { callsKeyOf, requireKeyIsUsed } from './call-keys.ts'
import { note, printResult } from './context.ts'
import type { CsvRow } from './csv.ts'
import { type AskRows, type Explanations, explainedRowsOfCall, explainInCalls, explainLater } from './explain-calls.ts'
import { type Options, rowsOf, wishesOf } from './explain-options.ts'
import { explanationHtml } from './explanation-html.ts'
import { pinned, stoppedAt } from './in-calls.ts'
import { type Interrupt, interruptible } from './interrupt.ts'
import { sendLater } from './later.ts'
import { modelRows } from './model-rows.ts'
import { type QuoteOfCalls, quoteAll, quoteText } from './quote-all.ts'
import { parseRow } from './row-option.ts'
import { isJson } from './rows-file.ts'
import { skippedOf } from './skip-option.ts'
import { waterfall } from './waterfall.ts'

/** Rows to be explained, and how. */
type Asked = {
  readonly client: Client
  readonly name: string
  readonly rows: readonly Instance[]
  readonly ask: AskRows
  readonly wishes: ExplainOptions
}

const usualColumns = 80

const screen = () => {
  const { isTTY, columns = usualColumns } = process.stdout
  return { columns, colours: isTTY === true && process.env.NO_COLOR === undefined }
}

/** A file of JSON has types of its own; cells of a CSV are text. */
const askingWith = (client: Client, name: string, file: string | undefined, unknown: 'refuse' | 'ignore'): AskRows => {
  if (file === undefined || isJson(file)) return (rows, ask) => ask(rows)
  const asText = modelRows(client, name, unknown)
  return (rows, ask) => asText(rows as readonly CsvRow[], ask) // as readCsv gave them
}

const quoteOf = async (
  { client, name, rows, ask, wishes }: Asked,
  { async: later, rowsPerCall }: Options,
): Promise<QuoteOfCalls> => {
  const rowsOfCall = later ? rows.length : explainedRowsOfCall(rows[0] ?? [], wishes, rowsPerCall)
  const quote = (target: string, own: readonly Instance[]) => quotes(client).explain(target, own, wishes)
  return await quoteAll(name, rows, { rowsOfCall, ask, quote })
}

const deliver = (answer: Explanations, { html, out }: Options, command: Command): void => {
  const { version, method, explanations, calls, units, cost } = answer
  if (out !== undefined) writeFileSync(out, `${JSON.stringify(answer)}\n`)
  if (html !== undefined) writeFileSync(html, explanationHtml(version, answer))
  const text = () => explanations.map((one) => waterfall(one, answer, screen())).join('\n\n')
  printResult(command, answer, out === undefined ? text : '')
  if (html !== undefined) note(`page: ${html}`)
  note(`${version}: ${method}, explained rows ${explanations.length}, calls ${calls}, units ${units}, cost ${cost}`)
}

const explainAtOnce = async (
  { client, name, rows, ask, wishes }: Asked,
  { file, skipped }: { readonly file: string | undefined; readonly skipped: number },
  options: Options,
  command: Command,
  interrupt: Interrupt,
): Promise<void> => {
  const rowsOfCall = explainedRowsOfCall(rows[0] ?? [], wishes, options.rowsPerCall)
  const callsKey = callsKeyOf(options.idempotencyKey)
  const asking = { ...wishes, rowsOfCall, ask, callsKey }
  const onProgress = (done: number, of: number) => note(`${done} of ${of} rows ...`)
  // The key of a call is of what it sends: the same rows in calls of another size would be charged again.
  const sized = (rows: number): string => (rows < rowsOfCall || options.rowsPerCall ? ` --rows-per-call ${rows}` : '')
  const repeat = (rows: number): string =>
    `${repeated(command, callsKey, ...words(name, file))}${sized(rows)} gets its answer, charged once`
  const sending = { onProgress, skipped, interrupt, repeat }
  const { result, stopped, rowsOfCall: last } = await explainInCalls(client, name, rows, asking, sending)
  deliver(result, options, command)
  if (stopped === undefined) return
  // The others go on as the first ones: the same call is charged once, and one file has one method.
  const method = options.method === undefined ? ` --method ${result.method}` : ''
  const on = `${again(command, ...words(pinned(result.version), file))}${method}${sized(last)}`
  const stop = { skipped, done: result.explanations.length, of: skipped + rows.length, rowsOfCall: last }
  throw stoppedAt(stopped, { ...stop, command: on, callsKey })
}

const words = (name: string, file: string | undefined): readonly string[] =>
  file === undefined ? [name] : [name, file]

/** Explains the row of --row, or the rows of a file: at once in as many calls as they need, or later in one. */
export const explainFile = async (
  client: Client,
  name: string,
  file: string | undefined,
  options: Options,
  command: Command,
): Promise<void> => {
  requireKeyIsUsed(options)
  const wishes = await wishesOf(options)
  const all = file === undefined ? [parseRow(options.row ?? '')] : await rowsOf(file)
  const skipped = skippedOf(options.skip, all.length)
  const ask = askingWith(client, name, file, options.ignoreUnknown ? 'ignore' : 'refuse')
  const asked = { client, name, rows: all.slice(skipped), ask, wishes }
  if (options.quote) {
    const quote = await quoteOf(asked, options)
    return printResult(command, quote, quoteText(quote))
  }
  if (!options.async)
    return await interruptible((interrupt) => explainAtOnce(asked, { file, skipped }, options, command, interrupt))
  if (options.html === undefined && options.out === undefined)
    return await ask(asked.rows, (own) => sendLater(client, explainQuestion(name, own, wishes), command))
  deliver(await explainLater(client, name, asked.rows, { ...wishes, ask }), options, command)
}
