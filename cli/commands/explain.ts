import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { Client } from '../../client/client.ts'
import { getExplanationPlot, getExplanations } from '../../client/explain.ts'
import { keyOption } from '../call-keys.ts'
import { clientOf, note, printResult } from '../context.ts'
import { explainFile } from '../explain-file.ts'
import { namingOption, type Options } from '../explain-options.ts'
import { wrongUsage } from '../failure.ts'
import { globalText } from '../global-text.ts'
import { skipOption } from '../skip-option.ts'
import { wholeNumber } from '../values.ts'
import { versionOf } from '../version-of.ts'

const explainGlobally = async (
  client: Client,
  name: string,
  { plots, html, out }: Options,
  command: Command,
): Promise<void> => {
  if (html !== undefined)
    throw wrongUsage('--html: expected rows; --plots writes what --global draws', `percall explain ${name} --plots DIR`)
  const { name: model, version } = await versionOf(client, name)
  const global = await getExplanations(client, model, version)
  if (plots !== undefined) {
    mkdirSync(plots, { recursive: true })
    for (const plot of global.plots)
      writeFileSync(join(plots, `${plot}.svg`), await getExplanationPlot(client, model, version, plot))
  }
  if (out !== undefined) writeFileSync(out, `${JSON.stringify(global)}\n`)
  printResult(command, global, () => globalText(global))
  if (plots !== undefined) note(`plots: ${plots}`)
}

const run = async (name: string, file: string | undefined, options: Options, command: Command): Promise<void> => {
  const client = clientOf(command)
  if (options.global || options.plots !== undefined) {
    if (file !== undefined || options.row !== undefined)
      throw wrongUsage('--global: expected no rows beside it', `percall explain ${name} --global`)
    return explainGlobally(client, name, options, command)
  }
  if ((file === undefined) === (options.row === undefined))
    throw wrongUsage('expected a file or --row', `percall explain ${name} --row '{"column": 1}'`)
  try {
    await explainFile(client, name, file, options, command)
  } catch (thrown) {
    throw namingOption(thrown)
  }
}

const rowsPerCall = (text: string): number => {
  const rows = wholeNumber(text)
  if (rows > 0) return rows
  throw new InvalidArgumentError('expected a whole number, at least 1.')
}

const methods = ['tree-interventional', 'tree-path-dependent', 'linear', 'permutation']

/** What each column adds to an answer, in bars and words; or what a version says of itself as a whole. */
export const explainCommand = (): Command =>
  new Command('explain')
    .description('tell what each column adds to an answer, or what matters to a version as a whole')
    .argument('<name>', 'name, name@alias or name@3')
    .argument('[file]', 'CSV with a header, or JSON (.json), an array of rows; many rows are several calls')
    .option('--row <json>', 'one row: an object by column name, or an array in column order')
    .addOption(new Option('--method <method>', 'by default what fits the model').choices(methods))
    .option('--class <label>', 'the class to explain')
    .option('--budget <rows>', 'model rows that one explained row may take by permutation')
    .option('--background <file>', 'rows that absent columns are taken from, instead of the version’s own')
    .option('--interactions', 'pairs of columns as well, with --json or --out')
    .option('--counterfactual', 'look for the least change that gets each row another class')
    .option('--to <label>', 'the class to reach; any other by default')
    .option('--fixed <columns>', 'columns that stay as they are, with commas between them')
    .addOption(new Option('--lang <language>', 'of the sentences').choices(['en', 'zh']))
    .option('--ignore-unknown', 'leave out columns that the model does not know, such as the target')
    .option('--async', 'all rows in one call that is answered later: prints its id, or waits for --out and --html')
    .option('--out <file>', 'write the explanations there as JSON')
    .option('--html <file>', 'write the explanations as one page')
    .option('--rows-per-call <rows>', 'at most so many; halved by itself where a call takes too long', rowsPerCall)
    .addOption(skipOption())
    .addOption(keyOption())
    .option('--quote', 'tell what it would cost, without doing it')
    .option('--global', 'what matters to the version as a whole, as its run found it')
    .option('--plots <dir>', 'the same, with its plots as SVG files')
    .action(run)
