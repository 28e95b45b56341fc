import { Command } from 'commander'
import { openBatch } from '../../client/batches.ts'
import { cancelCall } from '../../client/calls.ts'
import type { Client } from '../../client/client.ts'
import { cancelRun } from '../../client/training.ts'
import { clientOf, confirm, printResult } from '../context.ts'
import { wrongUsage } from '../failure.ts'

type Options = { readonly call?: boolean; readonly batch?: boolean }

const cancel = async (client: Client, kind: 'run' | 'call' | 'batch', id: string): Promise<void> => {
  if (kind === 'run') await cancelRun(client, id)
  else if (kind === 'call') await cancelCall(client, id)
  else await openBatch(client, id).cancel()
}

/** Ends a run, a call that is answered later, or a batch before its time. */
export const cancelCommand = (): Command =>
  new Command('cancel')
    .description('end a training run, or a call or batch, before its time')
    .argument('<id>', 'of a run, if no option says else')
    .option('--call', 'a call that is answered later; nothing is charged')
    .option('--batch', 'a batch; the rows that are done stay charged')
    .action(async (id: string, { call, batch }: Options, command: Command) => {
      if (call && batch) throw wrongUsage('expected --call or --batch, got both')
      const kind = call ? 'call' : batch ? 'batch' : 'run'
      await confirm(command, `cancel ${kind} ${id}?`)
      await cancel(clientOf(command), kind, id)
      printResult(command, { id, cancelled: true }, `${id}: cancelled`)
    })
