import { Command, Option } from 'commander'
import { clientOf, note, printResult } from '../context.ts'
import { warnWithoutPrice } from '../price-warning.ts'
import { runRequest, type TrainOptions } from '../run-request.ts'
import { outcomeText } from '../run-text.ts'
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
      'auto, linear or logistic; several, mlp, gbdt and forest are not available yet',
      'auto',
    )
    .option('--budget <duration>', 'such as 5m (not available yet)')
    .option('--wait', 'end when the model answers, and show progress until then')
    .option('--drop <column>', 'leave a column out (many times)', gather)
    .option('--type <column=kind>', "a column's kind (many times)", gatherPairs)
    .option('--date-format <column=format>', "a column's date format (many times)", gatherPairs)
    .option('--metric <metric>', 'what the gate compares (not available yet)')
    .option('--positive <label>', 'the class that the binary metrics are about')
    .option('--weight <column>', "each row's weight (not available yet)")
    .option('--split <split>', 'random or none; stratified, time:COLUMN and group:COLUMN are not available yet')
    .option('--split-key <column>', 'the column that keeps a row on its side of the split')
    .option('--gap <duration>', 'between the sides of a split by time (not available yet)')
    .option('--threshold <rule>', 'f1, or cost:FP,FN (not available yet)')
    .addOption(new Option('--gate <gate>', 'what a version must pass').choices(['auto', 'better', 'none']))
    .addOption(new Option('--preprocess <how>', 'what is fitted before the model').choices(['auto', 'none']))
    .option('--engine <engine>', 'auto or lambda; batch and sagemaker are not available yet')
    .option('--no-promote', 'leave the alias live where it is')
    .option('--seed <n>', 'of all that is drawn', wholeNumber)
    .option('--max-latency <ms>', 'of one row (not available yet)', decimalNumber)
    .option('--max-size <KB>', 'of the ONNX file (not available yet)', decimalNumber)
    .option('--set <algorithm.parameter=value>', 'a hyperparameter (many times)', gatherPairs)
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
      note(`${run.state}: ${outcomeText(run)}`)
      await warnWithoutPrice(client, run.model)
    })
