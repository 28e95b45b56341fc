import { Command } from 'commander'
import { clientOf, note, printResult } from '../context.ts'
import { warnWithoutPrice } from '../price-warning.ts'
import { withRunOptions } from '../run-options.ts'
import { runRequest, type TrainOptions } from '../run-request.ts'
import { leaderboardText, outcomeText } from '../run-text.ts'

/** Trains a model on a file: dataset, run, version. */
export const trainCommand = (): Command =>
  withRunOptions(new Command('train'))
    .description('train a model on a table: dataset, run, version')
    .argument('<file>', 'CSV (.csv), JSON Lines (.jsonl) or Parquet (.parquet)')
    .requiredOption('--name <model>', 'the model that gets the version')
    .option('--wait', 'end when the model answers, and show progress until then')
    .action(async (file: string, options: TrainOptions, command: Command) => {
      const request = runRequest(options)
      const client = clientOf(command)
      const [{ checkRun }, { sendDataset }, { createRun, getRun, runNotices }] = await Promise.all([
        import('../check-run.ts'),
        import('../send-dataset.ts'),
        import('../../client/training.ts'),
      ])
      checkRun(request, file)
      const dataset = await sendDataset(client, request.dataset, file)
      note(`dataset ${dataset.dataset}/${dataset.version} has the rows of ${file}`)
      const { id, state, joined } = await createRun(client, request)
      if (joined) note(`the same request has run as ${id} (${state}); --fresh trains again`)
      if (!options.wait) {
        const run = await getRun(client, id)
        printResult(command, run, id)
        note(`run ${id} is ${run.state}; percall runs ${id} shows how far it is`)
        return
      }
      const { waitForRun } = await import('../wait-for-run.ts')
      let notices: readonly string[] = []
      const onEnd = async () => {
        notices = await runNotices(client, id)
        for (const text of notices) note(`notice: ${text}`)
      }
      const run = await waitForRun(client, id, { promoted: options.promote, onEnd })
      printResult(command, { ...run, notices }, `${run.model}/${run.version}`)
      if (run.leaderboard && run.leaderboard.length > 1) note(leaderboardText(run.leaderboard))
      note(`${run.state}: ${outcomeText(run)}`)
      await warnWithoutPrice(client, run.model)
    })
