import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { aliasCommand } from './commands/alias.ts'
import { auditCommand } from './commands/audit.ts'
import { batchCommand } from './commands/batch.ts'
import { batchesCommand } from './commands/batches.ts'
import { callCommand, callsCommand } from './commands/calls.ts'
import { cancelCommand } from './commands/cancel.ts'
import { commandsCommand } from './commands/commands.ts'
import { consumerCommand } from './commands/consumer.ts'
import { creditCommand } from './commands/credit.ts'
import { embedCommand } from './commands/embed.ts'
import { evaluateCommand } from './commands/evaluate.ts'
import { explainCommand } from './commands/explain.ts'
import { exportCommand } from './commands/export.ts'
import { adjustCommand, invoiceCommand } from './commands/invoice.ts'
import { keyCommand } from './commands/key.ts'
import { logsCommand } from './commands/logs.ts'
import { modelsCommand } from './commands/models.ts'
import { optimiseCommand } from './commands/optimise.ts'
import { predictCommand } from './commands/predict.ts'
import { priceCommand } from './commands/price.ts'
import { pullCommand } from './commands/pull.ts'
import { pushCommand } from './commands/push.ts'
import { reconcileCommand } from './commands/reconcile.ts'
import { registrationsCommand } from './commands/registrations.ts'
import { runsCommand } from './commands/runs.ts'
import { startCommand } from './commands/start.ts'
import { statsCommand } from './commands/stats.ts'
import { trainCommand } from './commands/train.ts'
import { triggerCommand } from './commands/trigger.ts'
import { usageCommand } from './commands/usage.ts'
import { versionsCommand } from './commands/versions.ts'
import { requireWritable } from './writable.ts'

const root = join(import.meta.dirname, '..')

/** Commander's own message of a wrong command line, in the form of all other errors. */
const usageError = (text: string, json: boolean, help: string): string => {
  const [first = '', ...rest] = text
    .trim()
    .replace(/^error: /, '')
    .split('\n')
  const suggestion = rest.join(' ').replace(/[()]/g, '')
  const hint = suggestion || help
  if (json) return `${JSON.stringify({ error: { code: 'USAGE', message: first, hint } })}\n`
  return `error: ${first}\n  next: ${hint}\n  fault: yours\n`
}

/** Asks for required options behind unknown ones: a misspelt --target would be told as a missing one, by commander itself. */
const requireLater = (command: Command): void => {
  const required = command.options.filter(({ mandatory }) => mandatory)
  for (const option of required) option.makeOptionMandatory(false)
  command.hook('preAction', () => {
    const missing = required.find((option) => command.getOptionValue(option.attributeName()) === undefined)
    if (missing) command.error(`error: required option '${missing.flags}' not specified`)
  })
}

const prepare = (command: Command, json: boolean, path = 'percall'): void => {
  const help = `${path} --help shows ${command.commands.length > 0 ? 'the commands and their options' : 'the arguments and the options'}`
  command.exitOverride().configureOutput({
    outputError: (text, write) => write(usageError(text, json, help)),
  })
  requireLater(command)
  command.configureHelp({ showGlobalOptions: true })
  for (const inner of command.commands) prepare(inner, json, `${path} ${inner.name()}`)
}

/** The whole command line. `json` decides the form of errors that come before options are known. */
export const createProgram = (json: boolean): Command => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const program = new Command('percall')
    .description('Your models as pay-per-call services on your own AWS account, with no server to keep.')
    .version(version, '-V, --version')
    .option('--url <url>', 'where the service answers (PERCALL_URL)')
    .option('--key <key>', 'the key to call with (PERCALL_KEY)')
    .option('--profile <name>', 'profile of .percall/credentials, local by default')
    .option('--json', 'one JSON object on stdout; errors as one JSON object on stderr')
    .option('--yes', 'do what destroys or spends without asking')
    .option('--no-color', 'no colours (NO_COLOR)')
  for (const command of [
    startCommand(),
    pushCommand(),
    pullCommand(),
    trainCommand(),
    predictCommand(),
    evaluateCommand(),
    explainCommand(),
    batchCommand(),
    batchesCommand(),
    embedCommand(),
    callsCommand(),
    callCommand(),
    runsCommand(),
    cancelCommand(),
    triggerCommand(),
    modelsCommand(),
    versionsCommand(),
    optimiseCommand(),
    registrationsCommand(),
    aliasCommand(),
    keyCommand(),
    consumerCommand(),
    creditCommand(),
    invoiceCommand(),
    adjustCommand(),
    exportCommand(),
    priceCommand(),
    usageCommand(),
    reconcileCommand(),
    auditCommand(),
    statsCommand(),
    logsCommand(),
    commandsCommand(),
  ])
    program.addCommand(command)
  prepare(program, json)
  program.hook('preAction', (_, command) => requireWritable(command))
  return program
}
