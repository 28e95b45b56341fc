import { Command } from 'commander'
import { ApiError, type Client } from '../../client/client.ts'
import { downloadPart } from '../../client/registry.ts'
import type { TabularManifest } from '../../src/registry/manifest.ts'
import { predictAll } from '../batches.ts'
import { clientOf, note, printResult } from '../context.ts'
import { readCsv } from '../csv.ts'
import { judge } from '../evaluation.ts'
import { wrongUsage } from '../failure.ts'
import { versionOf } from '../version-of.ts'

type Options = { readonly target?: string }

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

/** Calls a model with every row of a CSV file and judges its answers. */
export const evaluateCommand = (): Command =>
  new Command('evaluate')
    .description('call a model with every row of a CSV file and judge its answers')
    .argument('<name>', 'name, name@alias or name@3')
    .argument('<file>', 'CSV with a header and the target column')
    .option('--target <column>', 'the true answers; of a trained model, its own target by default')
    .action(async (name: string, file: string, options: Options, command: Command) => {
      const { columns, rows } = await readCsv(file)
      const client = clientOf(command)
      const reading = manifestOf(client, name)
      const manifest = await (options.target === undefined ? reading : reading.catch(unreadable))
      const target = options.target ?? manifest.target?.name
      if (target === undefined || !columns.includes(target))
        throw wrongUsage(
          `${file}: expected a target column, got ${target ?? 'none'} and the columns ${columns.join(', ')}`,
          'name the column of the true answers with --target',
        )
      const judged = rows.filter((row) => row[target] !== null)
      const inputs = judged.map(({ [target]: _, ...row }) => row)
      const { predictions, version, calls, units, cost } = await predictAll(client, name, inputs, { unknown: 'ignore' })
      const truth = judged.map((row) => String(row[target]))
      const metrics = judge(truth, predictions, target, manifest.positive)
      const dropped = rows.length - judged.length
      printResult(command, { version, target, rows: judged.length, dropped, metrics, calls, units, cost }, () =>
        Object.entries(metrics)
          .map(([metric, value]) => `${metric.padEnd(22)} ${value}`)
          .join('\n'),
      )
      if (dropped > 0) note(`${dropped} rows without ${target} were left out`)
      note(`${version} on ${judged.length} rows: calls ${calls}, units ${units}, cost ${cost}`)
    })
