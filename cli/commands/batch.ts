import { readFileSync, writeFileSync } from 'node:fs'
import { extname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Command, Option } from 'commander'
import { type BatchBody, type BatchFormat, batchResult, createBatch, getBatch } from '../../client/batches.ts'
import type { Client } from '../../client/client.ts'
import { sendUpload } from '../../client/uploads.ts'
import { clientOf, note, printResult } from '../context.ts'
import { Failure, wrongUsage } from '../failure.ts'

type Options = {
  readonly format?: BatchFormat
  readonly output?: 'csv' | 'jsonl'
  readonly out?: string
  readonly wait?: boolean
  readonly ignoreUnknown?: boolean
}

const pollMs = 500
const formats: Readonly<Record<string, BatchFormat>> = {
  '.csv': 'csv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.parquet': 'parquet',
}
const mediaTypes = { csv: 'text/csv', jsonl: 'application/jsonl', parquet: 'application/vnd.apache.parquet' } as const

const formatOf = (file: string, { format = formats[extname(file).toLowerCase()] }: Options): BatchFormat => {
  if (format) return format
  throw wrongUsage(`${file}: expected a file that ends in ${Object.keys(formats).join(', ')}`, 'name it by --format')
}

const progressText = ({ state, progress }: BatchBody): string => {
  const { rows, rowsSucceeded, rowsFailed } = progress
  return `${state}: ${rowsSucceeded + rowsFailed}${rows === undefined ? '' : ` of ${rows}`} rows, ${rowsFailed} failed`
}

/** Tells each change until the batch has ended. Throws BATCH_FAILED or BATCH_CANCELLED. */
const follow = async (client: Client, id: string): Promise<BatchBody> => {
  for (let before = ''; ; await sleep(pollMs)) {
    const batch = await getBatch(client, id)
    const text = progressText(batch)
    if (text !== before) note(text)
    before = text
    if (batch.state === 'succeeded') return batch
    if (batch.state === 'queued' || batch.state === 'running') continue
    const cause = batch.failure ? `: ${batch.failure.cause}` : ''
    throw new Failure(
      `BATCH_${batch.state.toUpperCase()}`,
      `batch ${id} ${batch.state}${cause}`,
      'mend the file, then send it again',
    )
  }
}

const run = async (model: string, file: string, options: Options, command: Command): Promise<void> => {
  const format = formatOf(file, options)
  const client = clientOf(command)
  const input = await sendUpload(client, mediaTypes[format], readFileSync(file), '/v1/uploads')
  const { output, ignoreUnknown, out, wait } = options
  const unknown = ignoreUnknown ? 'ignore' : 'refuse'
  const { id, ...begun } = await createBatch(client, { model, input, format, unknown, ...(output && { output }) })
  if (!wait && out === undefined) return printResult(command, { id, ...begun }, id)
  const batch = await follow(client, id)
  const text = await batchResult(client, id)
  if (out !== undefined) writeFileSync(out, text)
  printResult(command, batch, out === undefined ? text.trimEnd() : '')
  note(`${batch.model}/${batch.version}: units ${batch.units}, cost ${batch.cost}`)
}

/** Answers a file of rows as a batch. */
export const batchCommand = (): Command =>
  new Command('batch')
    .description('answer a file of rows: each is charged once, failed rows are free')
    .argument('<model>', 'name, name@alias or name@3')
    .argument('<file>', 'CSV (.csv), JSON Lines (.jsonl) or Parquet (.parquet)')
    .addOption(
      new Option('--format <format>', 'of the file, by its ending if not given').choices(['csv', 'jsonl', 'parquet']),
    )
    .addOption(new Option('--output <format>', 'of the result').choices(['csv', 'jsonl']))
    .option('--out <file>', 'write the result there when it has ended')
    .option('--wait', 'show progress, and print the result when it has ended')
    .option('--ignore-unknown', 'leave out columns that the model does not know')
    .action(run)
