import { Command } from 'commander'
import { ApiError, type Client } from '../../client/client.ts'
import { downloadPart } from '../../client/registry.ts'
import type { TabularManifest } from '../../src/registry/manifest.ts'
import { repeated } from '../again.ts'
import { predictRest } from '../batches.ts'
import { callsKeyOf, keyOption } from '../call-keys.ts'
import { clientOf, note, printResult } from '../context.ts'
import { type CsvRow, readCsv } from '../csv.ts'
import { describeError } from '../describe-error.ts'
import { judge } from '../evaluation.ts'
import { wrongUsage } from '../failure.ts'
import { type Interrupt, interruptible } from '../interrupt.ts'
import { Refused } from '../refused.ts'
import { versionOf } from '../version-of.ts'

type Options = { readonly target?: string; readonly idempotencyKey?: string }

type Known = Partial<Pick<TabularManifest, 'target' | 'positive'>>

/** What the version's manifest says of its answers; nothing where it was pushed without one. */
const manifestOf = async (client: Client, reference: string): Promise<Known> => {
  const { name, version, manifestDigest } = await versionOf(client, reference)
  if (manifestDigest === undefined) return {}
  // The service wrote it, or checked it when it was pushed.
  return JSON.parse(new TextDecoder().decode(await downloadPart(client, name, version, 'manifest'))) as Known
}

/** A consumer's key may call the model, and not read its manifest. */
const unreadable = (thrown: unknown): Known => {
  if (thrown instanceof ApiError && thrown.code === 'OWNER_ONLY') return {}
  throw thrown
}

type Judged = { readonly rows: readonly CsvRow[]; readonly rowNumbers: readonly number[]; readonly dropped: number }

/** The rows that have a true answer, without it. Throws USAGE where none has. */
const judgedOf = (all: readonly CsvRow[], target: string, file: string): Judged => {
  const rowNumbers = all.flatMap((row, at) => (row[target] === null ? [] : [at + 1]))
  if (rowNumbers.length === 0)
    throw wrongUsage(
      `${file}: expected rows with ${target}, got ${all.length} rows without it`,
      'name the column of the true answers with --target',
    )
  const rows = rowNumbers.map((number) => all[number - 1]!)
  return { rows, rowNumbers, dropped: all.length - rows.length }
}

/** What ended an evaluation behind paid answers, and how it goes on without paying for them again. */
const goingOn = (thrown: unknown, repeat: string): Refused => {
  const { message, hint } = describeError(thrown)
  return new Refused(message, `${hint}; what was answered is not charged again by: ${repeat}`, thrown)
}

const evaluate = async (
  name: string,
  file: string,
  options: Options,
  command: Command,
  interrupt: Interrupt,
): Promise<void> => {
  const { columns, rows: all } = await readCsv(file)
  const client = clientOf(command)
  const reading = manifestOf(client, name)
  const manifest = await (options.target === undefined ? reading : reading.catch(unreadable))
  const target = options.target ?? manifest.target?.name
  if (target === undefined || !columns.includes(target))
    throw wrongUsage(
      `${file}: expected a target column, got ${target ?? 'none'} and the columns ${columns.join(', ')}`,
      'name the column of the true answers with --target',
    )
  const { rows, rowNumbers, dropped } = judgedOf(all, target, file)
  if (dropped > 0) note(`${dropped} of ${all.length} rows have no ${target} and are left out`)
  const callsKey = callsKeyOf(options.idempotencyKey)
  const repeat = repeated(command, callsKey, name, file)
  const inputs = rows.map(({ [target]: _, ...row }) => row)
  const sending = { unknown: 'ignore', callsKey, rowNumbers, interrupt, repeat: `${repeat} pays once` } as const
  const { result, stopped } = await predictRest(client, name, inputs, sending)
  if (stopped !== undefined) throw goingOn(stopped, repeat)
  const { predictions, version, calls, units, cost } = result
  const truth = rows.map((row) => String(row[target]))
  const judging = { positive: manifest.positive, rowNumbers }
  const metrics = orGoingOn(() => judge(truth, predictions, target, judging), repeat)
  printResult(command, { version, target, rows: rows.length, dropped, metrics, calls, units, cost }, () =>
    Object.entries(metrics)
      .map(([metric, value]) => `${metric.padEnd(22)} ${value}`)
      .join('\n'),
  )
  note(`${version} on ${rows.length} rows: calls ${calls}, units ${units}, cost ${cost}`)
}

const orGoingOn = <Result>(judging: () => Result, repeat: string): Result => {
  try {
    return judging()
  } catch (thrown) {
    throw goingOn(thrown, repeat)
  }
}

/** Calls a model with every row of a CSV file and judges its answers. */
export const evaluateCommand = (): Command =>
  new Command('evaluate')
    .description('call a model with every row of a CSV file and judge its answers')
    .argument('<name>', 'name, name@alias or name@3')
    .argument('<file>', 'CSV with a header and the target column')
    .option('--target <column>', 'the true answers; of a trained model, its own target by default')
    .addOption(keyOption())
    .action((name: string, file: string, options: Options, command: Command) =>
      interruptible((interrupt) => evaluate(name, file, options, command, interrupt)),
    )
