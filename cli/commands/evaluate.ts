import { Command } from 'commander'
import type { VersionBody } from '../../client/bodies.ts'
import { ApiError, type Client } from '../../client/client.ts'
import { shellWord } from '../../src/shell-word.ts'
import { repeated } from '../again.ts'
import { predictRest } from '../batches.ts'
import { callsKeyOf, keyOption } from '../call-keys.ts'
import { clientOf, note, printResult } from '../context.ts'
import { readCsv } from '../csv.ts'
import { describeError } from '../describe-error.ts'
import { answeredClasses, judge } from '../evaluation.ts'
import { wrongUsage } from '../failure.ts'
import { type Interrupt, interruptible } from '../interrupt.ts'
import { columnsOfModel, columnsOfVersion, type KnownManifest, manifestOf, noteColumns } from '../model-columns.ts'
import { nearestName } from '../nearest-name.ts'
import { Refused } from '../refused.ts'
import {
  asNumbers,
  knownLabels,
  numberCodec,
  type Truth,
  truthAt,
  truthOf,
  type UnknownLabels,
  unknownLabelsText,
} from '../true-answers.ts'
import { versionOf } from '../version-of.ts'

type Options = { readonly target?: string; readonly idempotencyKey?: string }

/** What the version is, as far as the key may read it, and its manifest. */
type Read = { readonly version?: VersionBody; readonly manifest: KnownManifest }

const readVersion = async (client: Client, reference: string): Promise<Read> => {
  const version = await versionOf(client, reference)
  return { version, manifest: await manifestOf(client, version) }
}

/** A consumer's key may call the model, and not read its manifest. */
const unreadable = (thrown: unknown): Read => {
  if (thrown instanceof ApiError && thrown.code === 'OWNER_ONLY') return { manifest: {} }
  throw thrown
}

type Sorted = { readonly truth: Truth; readonly places: readonly number[]; readonly unknownLabels: UnknownLabels }

/** The rows whose label is a class, all where a model has none; tells of the others. Throws BAD_CELL where none has. */
const withKnownLabels = (truth: Truth, classes: readonly string[] | undefined, file: string): Sorted => {
  if (classes === undefined) return { truth, places: [...truth.answers.keys()], unknownLabels: {} }
  const { places, unknown: unknownLabels } = knownLabels(truth, classes, file)
  const text = unknownLabelsText(unknownLabels, truth)
  if (text !== undefined) note(text)
  return { truth: truthAt(truth, places), places, unknownLabels }
}

/** Throws USAGE for a file without the column of true answers. */
function requireTarget(file: string, columns: readonly string[], target: string | undefined): asserts target is string {
  if (target === undefined)
    throw wrongUsage(
      `${file}: expected the name of the column with the true answers, which this model does not say`,
      `name it with --target, one of ${columns.join(', ')}`,
    )
  if (columns.includes(target)) return
  const close = nearestName(target, columns)
  throw wrongUsage(
    `${file}: expected the column ${target} with the true answers beside the inputs, got ${columns.join(', ')}`,
    close === undefined
      ? 'add it, or name another one with --target; percall predict answers rows whose answers are not known'
      : `if ${close} is meant: --target ${shellWord(close)}`,
  )
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
  const table = readCsv(file)
  const { columns, rows: all } = table
  const client = clientOf(command)
  const reading = readVersion(client, name)
  const { version: known, manifest } = await (options.target === undefined ? reading : reading.catch(unreadable))
  const target = options.target ?? manifest.target?.name
  requireTarget(file, columns, target)
  const codec = manifest.target?.codec ?? (manifest.task === 'regression' ? numberCodec(target, table) : undefined)
  const present = truthOf(file, all, target, codec)
  const dropped = all.length - present.rows.length
  if (dropped > 0) note(`${dropped} of ${all.length} rows have no ${target} and are left out`)
  // What cannot be judged is not asked, and not paid for, where the classes are known by now.
  const { truth, unknownLabels } = withKnownLabels(present, manifest.classes?.map(String), file)
  const callsKey = callsKeyOf(options.idempotencyKey)
  const repeat = repeated(command, callsKey, name, file)
  const inputs = truth.rows.map(({ [target]: _, ...row }) => row)
  const features = columns.filter((column) => column !== target)
  noteColumns(
    await (known ? columnsOfVersion(client, known, manifest, features) : columnsOfModel(client, name, features)),
    features,
  )
  const { rowNumbers } = truth
  const sending = { unknown: 'ignore', callsKey, rowNumbers, interrupt, repeat: `${repeat} pays once` } as const
  const { result, stopped } = await predictRest(client, name, inputs, sending)
  if (stopped !== undefined) throw goingOn(stopped, repeat)
  const { predictions, version, calls, units, cost } = result
  const judged = orGoingOn(() => {
    const classes = answeredClasses(predictions)
    const read = classes === undefined && codec === undefined ? asNumbers(truth, table) : truth
    const { places, ...left } = withKnownLabels(read, classes, file)
    const answers = places.map((place) => predictions[place]!)
    const { answers: texts, rowNumbers } = left.truth
    return { ...left, metrics: judge(texts, answers, target, { positive: manifest.positive, rowNumbers }) }
  }, repeat)
  const { metrics } = judged
  const rows = judged.truth.rows.length
  const left = { dropped, unknownLabels: { ...unknownLabels, ...judged.unknownLabels } }
  printResult(command, { version, target, rows, ...left, metrics, calls, units, cost }, () =>
    Object.entries(metrics)
      .map(([metric, value]) => `${metric.padEnd(22)} ${value}`)
      .join('\n'),
  )
  note(`${version} on ${rows} rows: calls ${calls}, units ${units}, cost ${cost}`)
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
