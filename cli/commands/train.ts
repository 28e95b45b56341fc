import { Command, Option } from 'commander'
import { clientOf, note, printResult } from '../context.ts'
import { warnWithoutPrice } from '../price-warning.ts'
import { runRequest, type TrainOptions } from '../run-request.ts'
import { leaderboardText, outcomeText } from '../run-text.ts'
import { decimalNumber, gather, gatherPairs, wholeNumber } from '../values.ts'

/** Trains a model on a file: dataset, run, version. */
export const trainCommand = (): Command =>
  new Command('train')
    .description('train a model on a table: dataset, run, version')
    .argument('<file>', 'CSV (.csv), JSON Lines (.jsonl) or Parquet (.parquet)')
    .requiredOption('--target <column>', 'the column to predict')
    .requiredOption('--name <model>', 'the model that gets the version')
    .option('--dataset <name>', "the dataset that gets the file; the model's name by default")
    .addOption(new Option('--task <task>', 'what kind of answer').choices(['regression', 'binary', 'multiclass']))
    .option(
      '--algo <algorithms>',
      'auto, or some of linear, logistic, mlp, gbdt and forest with commas between',
      'auto',
    )
    .option('--budget <duration>', 'how long the search may take, such as 5m')
    .option('--wait', 'end when the model answers, and show progress until then')
    .option('--drop <column>', 'leave a column out (many times)', gather)
    .option('--type <column=kind>', "a column's kind (many times)", gatherPairs)
    .option('--date-format <column=format>', "a column's date format (many times)", gatherPairs)
    .option('--metric <metric>', 'what trials and the gate are judged by')
    .option('--positive <label>', 'the class that the binary metrics are about')
    .option('--weight <column>', "the column of each row's weight")
    .option('--split <split>', 'random, stratified, time:COLUMN, group:COLUMN or none')
    .option('--split-key <column>', 'the column that keeps a row on its side of the split')
    .option('--gap <duration>', 'between the sides of a split by time, such as 7d')
    .option('--threshold <rule>', 'of the positive class: f1, or cost:FP,FN')
    .addOption(new Option('--gate <gate>', 'what a version must pass').choices(['auto', 'better', 'none']))
    .addOption(new Option('--preprocess <how>', 'what is fitted before the model').choices(['auto', 'none']))
    .option('--engine <engine>', 'auto or lambda; batch and sagemaker are not available yet')
    .option('--no-promote', 'leave the alias live where it is')
    .option('--seed <n>', 'of all that is drawn', wholeNumber)
    .option('--max-latency <ms>', 'of one row', decimalNumber)
    .option('--max-size <KB>', 'of the ONNX file', decimalNumber)
    .option('--set <algorithm.parameter=value>', 'a hyperparameter (many times)', gatherPairs)
    .option('--interval <share>', 'answer intervals that hold this share of true values (regression)', decimalNumber)
    .option('--no-ensemble', 'take the best trial alone')
    .option('--fresh', 'run again, even if the same request has run')
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
      const { id } = await createRun(client, request)
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
