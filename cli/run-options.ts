import { type Command, Option } from 'commander'
import { engineNames } from '../src/run/engine/engine-sizes.ts'
import { decimalNumber, gather, gatherPairs, wholeNumber } from './values.ts'

/** The options that say what a run is asked for, whether it starts now or later. */
export const withRunOptions = (command: Command): Command =>
  command
    .requiredOption('--target <column>', 'the column to predict')
    .option('--dataset <name>', "the dataset of the table; the model's name by default")
    .addOption(new Option('--task <task>', 'what kind of answer').choices(['regression', 'binary', 'multiclass']))
    .option(
      '--algo <algorithms>',
      'auto, or some of linear, logistic, mlp, gbdt and forest with commas between',
      'auto',
    )
    .option('--budget <duration>', 'how long the search may take, such as 5m')
    .option('--drop <column>', 'leave a column out (many times)', gather)
    .option('--type <column=kind>', "a column's kind (many times)", gatherPairs)
    .option('--date-format <column=format>', "a column's date format (many times)", gatherPairs)
    .option('--metric <metric>', 'what trials and the gate are judged by')
    .option('--positive <label>', 'of a target of two classes: the one that the binary metrics are about')
    .option('--weight <column>', "the column of each row's weight")
    .option('--class-weight <balanced|label=weight>', 'what rows of a class weigh in a fit (many times)', gather)
    .option('--split <split>', 'random, stratified, time:COLUMN, group:COLUMN or none')
    .option('--split-key <column>', 'the column that keeps a row on its side of the split')
    .option('--gap <duration>', 'between the sides of a split by time, such as 7d')
    .option('--threshold <rule>', 'of the positive class: f1, or cost:FP,FN')
    .addOption(new Option('--gate <gate>', 'what a version must pass').choices(['auto', 'better', 'none']))
    .addOption(new Option('--preprocess <how>', 'what is fitted before the model').choices(['auto', 'none']))
    .addOption(new Option('--engine <engine>', 'where it is fitted').choices(['auto', ...engineNames]))
    .option('--no-promote', 'leave the alias live where it is')
    .option('--optimise <policy>', 'exact, smallest:0.1% or fastest:0.1%: the variant of the graph that serves')
    .option('--seed <n>', 'of all that is drawn', wholeNumber)
    .option('--max-latency <ms>', 'of one row', decimalNumber)
    .option('--max-size <KB>', 'of the ONNX file', decimalNumber)
    .option('--set <algorithm.parameter=value>', 'a hyperparameter (many times)', gatherPairs)
    .option('--interval <share>', 'answer intervals that hold this share of true values (regression)', decimalNumber)
    .option('--no-ensemble', 'take the best trial alone')
    .option('--fresh', 'run again, even if the same request has run')
