import { readFileSync, writeFileSync } from 'node:fs'
import { Command } from 'commander'
import type { PredictionBody } from '../../client/bodies.ts'
import type { Client } from '../../client/client.ts'
import { quotes } from '../../client/quote.ts'
import { type Instance, predictRows } from '../../client/rows.ts'
import { csvLine } from '../../src/csv/csv-line.ts'
import { again, repeated } from '../again.ts'
import { predictRest, rowsPerCall } from '../batches.ts'
import { callsKeyOf, keyOfCall, keyOption, requireKeyIsUsed } from '../call-keys.ts'
import { clientOf, note, printResult } from '../context.ts'
import { readCsv } from '../csv.ts'
import { wrongUsage } from '../failure.ts'
import { inCalls, pinned, stoppedAt } from '../in-calls.ts'
import { type Interrupt, interruptible } from '../interrupt.ts'
import { modelRows } from '../model-rows.ts'
import { predictLater } from '../predict-later.ts'
import { type QuoteOfCalls, quoteAll, quoteText } from '../quote-all.ts'
import { parseRow } from '../row-option.ts'
import { isJson, linesOf, readInstances } from '../rows-file.ts'
import { skipOption, skippedOf } from '../skip-option.ts'

type Options = {
  readonly row?: string
  readonly ignoreUnknown?: boolean
  readonly async?: boolean
  readonly quote?: boolean
  readonly out?: string
  readonly skip?: string
  readonly idempotencyKey?: string
}

const unknownOf = ({ ignoreUnknown }: Options) => ({
  unknown: ignoreUnknown ? ('ignore' as const) : ('refuse' as const),
})

/** Into the file of --out, or where results go. */
const deliver = (command: Command, { out }: Options, result: unknown, text: () => string): void => {
  if (out !== undefined) writeFileSync(out, `${text()}\n`)
  printResult(command, result, out === undefined ? text : '')
}

const factsText = (version: string, calls: number, units: number, cost: string): string =>
  `${version}: calls ${calls}, units ${units}, cost ${cost}`

type Rows = { readonly instances: readonly Instance[]; readonly skipped: number }

const rowsOf = (file: string | undefined, { row, skip }: Options): Rows => {
  if (file === undefined) return { instances: [parseRow(row ?? '')], skipped: 0 }
  const instances = readInstances(file)
  const skipped = skippedOf(skip, instances.length)
  return { instances: instances.slice(skipped), skipped }
}

/** A file whose rows are sent, or none for --row. */
type Asked = { readonly client: Client; readonly name: string; readonly file: string | undefined }

const predictInstances = async (
  { client, name, file }: Asked,
  options: Options,
  command: Command,
  interrupt: Interrupt,
): Promise<void> => {
  const { instances, skipped } = rowsOf(file, options)
  const callsKey = callsKeyOf(options.idempotencyKey)
  const idempotencyKey = keyOfCall(callsKey, name, instances)
  const own = { ...unknownOf(options), idempotencyKey, signal: interrupt.signal }
  const ask = () => predictRows(client)(name, instances, own)
  const sending = { skipped, interrupt, repeat: repeatOf(command, callsKey, name, file) }
  const [answer] = (await inCalls(instances, instances.length, ask, sending)).answers
  const { predictions, version, units, cost, requestId } = answer!
  deliver(command, options, { predictions, version, units, cost, requestId }, () => linesOf(answer!))
  note(factsText(version, 1, units, cost))
}

const repeatOf = (command: Command, callsKey: string, name: string, file: string | undefined): string =>
  `${repeated(command, callsKey, name, ...(file === undefined ? [] : [file]))} gets its answer, charged once`

type Labelled = Extract<PredictionBody, { readonly label: unknown }>
type WithInterval = Extract<PredictionBody, { readonly interval: unknown }>

const isLabelled = (prediction: PredictionBody): prediction is Labelled =>
  typeof prediction === 'object' && prediction !== null && 'label' in prediction

const hasInterval = (prediction: PredictionBody): prediction is WithInterval =>
  typeof prediction === 'object' && prediction !== null && 'interval' in prediction && 'prediction' in prediction

/** The answer as one cell; arrays and objects of a pushed model are JSON in it. */
const cellOf = (prediction: PredictionBody): string | number | boolean | null => {
  if (isLabelled(prediction)) return prediction.label
  if (hasInterval(prediction)) return prediction.prediction
  return typeof prediction === 'object' && prediction !== null ? JSON.stringify(prediction) : prediction
}

const predictFile = async (
  { client, name, file }: Asked & { readonly file: string },
  options: Options,
  command: Command,
  interrupt: Interrupt,
): Promise<void> => {
  const { columns, rows: all } = readCsv(file)
  const skipped = skippedOf(options.skip, all.length)
  const rows = all.slice(skipped)
  const onProgress = (done: number, of: number) => note(`${done} of ${of} rows ...`)
  const callsKey = callsKeyOf(options.idempotencyKey)
  const sending = { onProgress, skipped, interrupt, repeat: repeatOf(command, callsKey, name, file) }
  const { unknown } = unknownOf(options)
  const ask = modelRows(client, name, unknown)
  const { result, stopped } = await predictRest(client, name, rows, { unknown, callsKey, ask, ...sending })
  const { predictions, version, calls, units, cost } = result
  const first = predictions[0] ?? null
  const classes = isLabelled(first) ? Object.keys(first.probabilities) : []
  const ends = hasInterval(first) ? (['low', 'high'] as const) : []
  const line = (prediction: PredictionBody, row: number): string => {
    const probabilities = isLabelled(prediction) ? prediction.probabilities : {}
    const own = columns.map((column) => rows[row]?.[column] ?? null)
    const interval = ends.map((end) => (hasInterval(prediction) ? prediction.interval[end] : null))
    return csvLine([...own, cellOf(prediction), ...interval, ...classes.map((label) => probabilities[label] ?? null)])
  }
  deliver(command, options, result, () => {
    const added = [...ends.map((end) => `interval_${end}`), ...classes.map((label) => `probability_${label}`)]
    const titles = csvLine([...columns, 'prediction', ...added])
    return [titles, ...predictions.map(line)].join('\n')
  })
  note(factsText(version, calls, units, cost))
  if (stopped === undefined) return
  const stop = { skipped, done: predictions.length, of: all.length, rowsOfCall: rowsPerCall }
  throw stoppedAt(stopped, { ...stop, command: again(command, pinned(version), file), callsKey })
}

type Quoted = { readonly unknown: 'refuse' | 'ignore'; readonly for: 'predict' }

/** Of the calls that would be made: one, but for a CSV that is answered at once. */
const quoteOf = async (
  client: Client,
  name: string,
  file: string | undefined,
  options: Options,
  own: Quoted,
): Promise<QuoteOfCalls> => {
  if (file === undefined || isJson(file)) {
    return { ...(await quotes(client).predict(name, rowsOf(file, options).instances, own)), calls: 1 }
  }
  if (options.async) return { ...(await quotes(client).predictCsv(name, readFileSync(file), own)), calls: 1 }
  const { rows } = readCsv(file)
  const ask = modelRows(client, name, own.unknown)
  const quote = (target: string, part: readonly Instance[]) => quotes(client).predict(target, part, own)
  return await quoteAll(name, rows.slice(skippedOf(options.skip, rows.length)), { rowsOfCall: rowsPerCall, ask, quote })
}

const printQuote = async (
  client: Client,
  name: string,
  file: string | undefined,
  options: Options,
  command: Command,
): Promise<void> => {
  const own = { ...unknownOf(options), for: 'predict' } as const
  const quote = await quoteOf(client, name, file, options, own)
  printResult(command, quote, quoteText(quote))
}

const run = async (name: string, file: string | undefined, options: Options, command: Command): Promise<void> => {
  if ((file === undefined) === (options.row === undefined))
    throw wrongUsage('expected a file or --row', `percall predict ${name} --row '{"column": 1}'`)
  if (options.async && file === undefined) throw wrongUsage('--async: expected a file beside it, got --row')
  if (options.skip !== undefined && (options.async || file === undefined))
    throw wrongUsage(
      `--skip: expected a file whose rows are answered at once, got ${options.async ? '--async' : '--row'}`,
    )
  requireKeyIsUsed(options)
  const client = clientOf(command)
  if (options.quote) return printQuote(client, name, file, options, command)
  if (options.async && file !== undefined)
    return predictLater(client, name, file, { ...unknownOf(options), out: options.out }, command)
  return interruptible((interrupt) =>
    file === undefined || isJson(file)
      ? predictInstances({ client, name, file }, options, command, interrupt)
      : predictFile({ client, name, file }, options, command, interrupt),
  )
}

/** Calls a model with one row, or with every row of a file. */
export const predictCommand = (): Command =>
  new Command('predict')
    .description('call a model with one row, or with every row of a file')
    .argument('<name>', 'name, name@alias or name@3')
    .argument(
      '[file]',
      'CSV with a header, which comes back with the prediction appended; or JSON (.json), an array of rows',
    )
    .option('--row <json>', 'one row: an object by column name, or an array in column order')
    .option('--ignore-unknown', 'leave out columns that the model does not know, such as the target')
    .option('--quote', 'tell what the calls with these rows would cost, without making them')
    .option('--async', 'one call that is answered later: prints its id, or waits where --out is given')
    .option('--out <file>', 'write the answer there')
    .addOption(skipOption())
    .addOption(keyOption())
    .action(run)
