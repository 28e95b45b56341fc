import { accessSync, createWriteStream, openAsBlob } from 'node:fs'
import { extname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Command, Option } from 'commander'
import { submitBatch } from '../../client/batches.ts'
import type { BatchBody, BatchFormat } from '../../client/bodies.ts'
import { batchText, showFailedRows, waitForBatch } from '../batch-text.ts'
import { clientOf, note, printResult, wantsJson } from '../context.ts'
import { wrongUsage } from '../failure.ts'

type Options = {
  readonly format?: BatchFormat
  readonly output?: 'csv' | 'jsonl'
  readonly out?: string
  readonly wait?: boolean
  readonly ignoreUnknown?: boolean
  readonly maxCost?: string
}

const formats: Readonly<Record<string, BatchFormat>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.txt': 'csv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.parquet': 'parquet',
}

const formatOf = (file: string, { format = formats[extname(file).toLowerCase()] }: Options): BatchFormat => {
  if (format) return format
  throw wrongUsage(`${file}: expected a file that ends in ${Object.keys(formats).join(', ')}`, 'name it by --format')
}

/** A file, or stdout, gets the result as it comes: it may be larger than memory. */
const write = async (result: ReadableStream<Uint8Array>, out: string | undefined): Promise<void> => {
  // Node's own type of a web stream differs from the library's by its iterator alone.
  const source = Readable.fromWeb(result as Parameters<typeof Readable.fromWeb>[0])
  if (out !== undefined) return await pipeline(source, createWriteStream(out))
  await pipeline(source, process.stdout, { end: false })
}

const run = async (model: string, file: string, options: Options, command: Command): Promise<void> => {
  const format = formatOf(file, options)
  const client = clientOf(command)
  const { output, ignoreUnknown, maxCost, out, wait } = options
  const unknown = ignoreUnknown ? 'ignore' : 'refuse'
  // openAsBlob does not say of a file that is not there.
  accessSync(file)
  const batch = await submitBatch(client, model, await openAsBlob(file), { format, output, unknown, maxCost })
  if (!wait && out === undefined) {
    printResult(command, await batch.status(), batch.id)
    note(`percall batches ${batch.id} shows how far it is`)
    return
  }
  const ended: BatchBody = await waitForBatch(batch)
  await showFailedRows(batch, ended)
  if (ended.progress.rowsSucceeded + ended.progress.rowsFailed > 0 && (out !== undefined || !wantsJson(command)))
    await write(await batch.result(), out)
  printResult(command, ended, '')
  note(batchText(ended))
}

/** Answers a file of rows as a batch. */
export const batchCommand = (): Command =>
  new Command('batch')
    .description('answer a file of rows: each is charged once, failed rows are free')
    .argument('<model>', 'name, name@alias or name@3')
    .argument('<file>', 'CSV (.csv, .tsv, .txt), JSON Lines (.jsonl) or Parquet (.parquet)')
    .addOption(
      new Option('--format <format>', 'of the file, by its ending if not given').choices(['csv', 'jsonl', 'parquet']),
    )
    .addOption(new Option('--output <format>', 'of the result').choices(['csv', 'jsonl']))
    .option('--out <file>', 'write the result there when it has ended')
    .option('--wait', 'show progress, and print the result when it has ended')
    .option('--ignore-unknown', 'leave out columns that the model does not know')
    .option(
      '--max-cost <amount>',
      'the most that it may cost; needed where the consumer is prepaid or capped, not for prices by the token',
    )
    .action(run)
