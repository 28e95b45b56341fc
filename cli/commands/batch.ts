import { accessSync, openAsBlob } from 'node:fs'
import { extname } from 'node:path'
import { Command, Option } from 'commander'
import { submitBatch } from '../../client/batches.ts'
import type { BatchBody, BatchFormat } from '../../client/bodies.ts'
import { ConnectionError } from '../../client/client.ts'
import { writeResult } from '../batch-result.ts'
import { batchText, showFailedRows, waitForBatch } from '../batch-text.ts'
import { clientOf, note, printResult, wantsJson } from '../context.ts'
import { describeError } from '../describe-error.ts'
import { wrongUsage } from '../failure.ts'
import { Refused } from '../refused.ts'
import { requireUtf8 } from '../utf8-text.ts'

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

/** A connection that is lost ends no batch: says so, and how to come back to it. */
const goingOnWithoutUs = async <Result>(id: string, waiting: () => Promise<Result>): Promise<Result> => {
  try {
    return await waiting()
  } catch (thrown) {
    if (!(thrown instanceof ConnectionError)) throw thrown
    const { message, hint } = describeError(thrown)
    throw new Refused(
      `${message}; batch ${id} goes on without this command`,
      `${hint}; percall batches ${id} shows how far it is, and percall batches ${id} --out FILE takes its result`,
      thrown,
    )
  }
}

const run = async (model: string, file: string, options: Options, command: Command): Promise<void> => {
  const format = formatOf(file, options)
  const client = clientOf(command)
  const { output, ignoreUnknown, maxCost, out, wait } = options
  const unknown = ignoreUnknown ? 'ignore' : 'refuse'
  // openAsBlob does not say of a file that is not there.
  accessSync(file)
  if (format !== 'parquet') requireUtf8(file)
  const batch = await submitBatch(client, model, await openAsBlob(file), { format, output, unknown, maxCost })
  if (!wait && out === undefined) {
    printResult(command, await batch.status(), batch.id)
    note(`percall batches ${batch.id} shows how far it is, with --out FILE it takes the result`)
    return
  }
  // Whoever stops waiting can come back to it.
  note(`batch ${batch.id}`)
  const ended: BatchBody = await goingOnWithoutUs(batch.id, async () => {
    const last = await waitForBatch(batch)
    await showFailedRows(batch, last)
    if (last.progress.rowsSucceeded + last.progress.rowsFailed > 0 && (out !== undefined || !wantsJson(command)))
      await writeResult(batch, out)
    return last
  })
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
