import { Command } from 'commander'
import { cancelRun } from '../../client/training.ts'
import { clientOf, confirm, printResult } from '../context.ts'

/** Ends a run before its time. */
export const cancelCommand = (): Command =>
  new Command('cancel')
    .description('end a training run before its time')
    .argument('<run>', 'its id')
    .action(async (run: string, _: object, command: Command) => {
      await confirm(command, `cancel run ${run}?`)
      await cancelRun(clientOf(command), run)
      printResult(command, { id: run, cancelled: true }, `${run}: cancelled`)
    })
