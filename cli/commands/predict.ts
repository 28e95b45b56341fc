import { Command } from 'commander'
import type { PredictionBody } from '../../client/bodies.ts'
import type { Client } from '../../client/client.ts'
import { type Instance, predictRows } from '../../client/rows.ts'
import { predictAll } from '../batches.ts'
import { clientOf, note, printResult } from '../context.ts'
import { csvLine, readCsv } from '../csv.ts'
import { wrongUsage } from '../failure.ts'

type Options = { readonly row?: string; readonly ignoreUnknown?: boolean }

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

const factsText = (version: string, calls: number, units: number, cost: string): string =>
  `${version}: calls ${calls}, units ${units}, cost ${cost}`

const predictRow = async (client: Client, name: string, options: Options, command: Command): Promise<void> => {
  const unknown = options.ignoreUnknown ? 'ignore' : 'refuse'
  const answer = await predictRows(client)(name, [parseRow(options.row ?? '')], { unknown })
  const { predictions, version, units, cost, requestId } = answer
  printResult(command, { predictions, version, units, cost, requestId }, () => JSON.stringify(predictions[0]))
  note(factsText(version, 1, units, cost))
}

const isLabelled = (prediction: PredictionBody): prediction is Exclude<PredictionBody, number | null> =>
  typeof prediction === 'object' && prediction !== null && 'label' in prediction

/** The answer as one cell; arrays and objects of a pushed model are JSON in it. */
const cellOf = (prediction: PredictionBody): string | number | boolean | null => {
  if (isLabelled(prediction)) return prediction.label
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
  const result = await predictAll(client, name, rows, options.ignoreUnknown ? 'ignore' : 'refuse')
  const { predictions, version, calls, units, cost } = result
  const first = predictions[0] ?? null
  const classes = isLabelled(first) ? Object.keys(first.probabilities) : []
  const line = (prediction: PredictionBody, row: number): string => {
    const probabilities = isLabelled(prediction) ? prediction.probabilities : {}
    const own = columns.map((column) => rows[row]?.[column] ?? null)
    return csvLine([...own, cellOf(prediction), ...classes.map((label) => probabilities[label] ?? null)])
  }
  printResult(command, result, () => {
    const titles = csvLine([...columns, 'prediction', ...classes.map((label) => `probability_${label}`)])
    return [titles, ...predictions.map(line)].join('\n')
  })
  note(factsText(version, calls, units, cost))
}

/** Calls a model with one row, or with every row of a CSV file. */
export const predictCommand = (): Command =>
  new Command('predict')
    .description('call a model with one row, or with every row of a CSV file')
    .argument('<name>', 'name, name@alias or name@3')
    .argument('[file]', 'CSV with a header; it comes back with the prediction appended')
    .option('--row <json>', 'one row: an object by column name, or an array in column order')
    .option('--ignore-unknown', 'leave out columns that the model does not know, such as the target')
    .action(async (name: string, file: string | undefined, options: Options, command: Command) => {
      if ((file === undefined) === (options.row === undefined))
        throw wrongUsage('expected a CSV file or --row', `percall predict ${name} --row '{"column": 1}'`)
      const client = clientOf(command)
      if (file === undefined) await predictRow(client, name, options, command)
      else await predictFile(client, name, file, options, command)
    })
