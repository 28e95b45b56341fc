import { Command } from 'commander'
import type { Client } from '../../client/client.ts'
import { getModel, getVersion } from '../../client/registry.ts'
import { getRun } from '../../client/training.ts'
import { predictAll } from '../batches.ts'
import { clientOf, note, printResult } from '../context.ts'
import { readCsv } from '../csv.ts'
import { judge } from '../evaluation.ts'
import { wrongUsage } from '../failure.ts'

type Options = { readonly target?: string }

/** The target that a trained version was made for; undefined for a pushed one. */
const trainedTarget = async (client: Client, reference: string): Promise<string | undefined> => {
  const [name = '', alias = 'live'] = reference.split('@')
  const number = /^\d+$/.test(alias) ? Number(alias) : (await getModel(client, name)).aliases[alias]
  if (number === undefined) return undefined
  const { lineage } = await getVersion(client, name, number)
  return lineage.origin === 'run' ? (await getRun(client, lineage.runId)).target : undefined
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
      const target = options.target ?? (await trainedTarget(client, name))
      if (target === undefined || !columns.includes(target))
        throw wrongUsage(
          `${file}: expected a target column, got ${target ?? 'none'} and the columns ${columns.join(', ')}`,
          'name the column of the true answers with --target',
        )
      const judged = rows.filter((row) => row[target] !== null)
      const inputs = judged.map(({ [target]: _, ...row }) => row)
      const { predictions, version, calls, units, cost } = await predictAll(client, name, inputs, 'ignore')
      const truth = judged.map((row) => String(row[target]))
      const metrics = judge(truth, predictions, target)
      const dropped = rows.length - judged.length
      printResult(command, { version, target, rows: judged.length, dropped, metrics, calls, units, cost }, () =>
        Object.entries(metrics)
          .map(([metric, value]) => `${metric.padEnd(22)} ${value}`)
          .join('\n'),
      )
      if (dropped > 0) note(`${dropped} rows without ${target} were left out`)
      note(`${version} on ${judged.length} rows: calls ${calls}, units ${units}, cost ${cost}`)
    })
