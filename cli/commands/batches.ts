import { Command } from 'commander'
import { listBatches, openBatch } from '../../client/batches.ts'
import type { BatchBody, RowErrorBody } from '../../client/bodies.ts'
import { writeResult } from '../batch-result.ts'
import { batchText } from '../batch-text.ts'
import { clientOf, printResult } from '../context.ts'
import { everyPage } from '../every-page.ts'
import { wrongUsage } from '../failure.ts'
import { table } from '../table.ts'

const batchesText = (batches: readonly BatchBody[]): string =>
  table(
    ['batch', 'model', 'state', 'rows', 'failed', 'units', 'cost', 'created'],
    batches.map(({ id, model, version, state, progress, units, cost, createdAt }) => [
      id,
      `${model}/${version}`,
      state,
      progress.rowsSucceeded + progress.rowsFailed,
      progress.rowsFailed,
      units,
      cost,
      createdAt,
    ]),
  )

type Options = { readonly errors?: boolean; readonly out?: string }

/** Lists batches, or shows one. */
export const batchesCommand = (): Command =>
  new Command('batches')
    .description('list your batches, or show one')
    .argument('[id]')
    .option('--errors', 'with an id: its rows that failed, with why')
    .option('--out <file>', 'with an id: write its result there')
    .action(async (id: string | undefined, { errors, out }: Options, command: Command) => {
      const client = clientOf(command)
      if (id === undefined) {
        if (out !== undefined)
          throw wrongUsage('--out: expected the id of a batch beside it', 'percall batches ID --out FILE')
        if (errors) throw wrongUsage('--errors: expected the id of a batch beside it', 'percall batches ID --errors')
        const batches = await everyPage('batches', (query) => listBatches(client, query))
        printResult(command, { batches }, () => batchesText(batches))
        return
      }
      const batch = openBatch(client, id)
      if (!errors) {
        const body = await batch.status()
        if (out !== undefined) await writeResult(batch, out)
        printResult(command, body, () => batchText(body))
        return
      }
      const rows: RowErrorBody[] = []
      for await (const row of batch.errors()) rows.push(row)
      printResult(command, { errors: rows }, () =>
        table(
          ['row', 'code', 'why'],
          rows.map(({ row, code, message }) => [row, code, message]),
        ),
      )
    })
