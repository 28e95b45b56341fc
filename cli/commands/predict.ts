import { writeFileSync } from 'node:fs'
import { Command } from 'commander'
import type { PredictionBody } from '../../client/bodies.ts'
import type { Client } from '../../client/client.ts'
import { type Instance, predictRows } from '../../client/rows.ts'
import { predictAll } from '../batches.ts'
import { clientOf, note, printResult } from '../context.ts'
import { csvLine, readCsv } from '../csv.ts'
import { wrongUsage } from '../failure.ts'
import { predictLater } from '../predict-later.ts'
import { isJson, linesOf, readInstances } from '../rows-file.ts'

type Options = {
  readonly row?: string
  readonly ignoreUnknown?: boolean
  readonly async?: boolean
  readonly out?: string
}

const unknownOf = ({ ignoreUnknown }: Options) => ({
  unknown: ignoreUnknown ? ('ignore' as const) : ('refuse' as const),
})

const parseRow = (text: string): Instance => {
  try {
    const row: unknown = JSON.parse(text)
    // Objects and arrays both are instances; the service checks names and cells.
    if (typeof row === 'object' && row !== null) return row as Instance
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
  }
  throw wrongUsage(`--row: expected a JSON object or array, got ${text}`, `--row '{"column": 1}'`)
}

/** Into the file of --out, or where results go. */
const deliver = (command: Command, { out }: Options, result: unknown, text: () => string): void => {
  if (out !== undefined) writeFileSync(out, `${text()}\n`)
  printResult(command, result, out === undefined ? text : '')
}

const factsText = (version: string, calls: number, units: number, cost: string): string =>
  `${version}: calls ${calls}, units ${units}, cost ${cost}`

const predictInstances = async (
  client: Client,
  name: string,
  instances: readonly Instance[],
  options: Options,
  command: Command,
): Promise<void> => {
  const answer = await predictRows(client)(name, instances, unknownOf(options))
  const { predictions, version, units, cost, requestId } = answer
  deliver(command, options, { predictions, version, units, cost, requestId }, () => linesOf(answer))
  note(factsText(version, 1, units, cost))
}

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
  client: Client,
  name: string,
  file: string,
  options: Options,
  command: Command,
): Promise<void> => {
  const { columns, rows } = await readCsv(file)
  const result = await predictAll(client, name, rows, unknownOf(options).unknown)
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
}

const run = async (name: string, file: string | undefined, options: Options, command: Command): Promise<void> => {
  if ((file === undefined) === (options.row === undefined))
    throw wrongUsage('expected a file or --row', `percall predict ${name} --row '{"column": 1}'`)
  if (options.async && file === undefined) throw wrongUsage('--async: expected a file beside it, got --row')
  const client = clientOf(command)
  if (file === undefined) return predictInstances(client, name, [parseRow(options.row ?? '')], options, command)
  if (options.async) return predictLater(client, name, file, { ...unknownOf(options), out: options.out }, command)
  if (isJson(file)) return predictInstances(client, name, readInstances(file), options, command)
  return predictFile(client, name, file, options, command)
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
    .option('--async', 'one call that is answered later: prints its id, or waits where --out is given')
    .option('--out <file>', 'write the answer there')
    .action(run)
