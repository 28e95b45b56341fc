import { Command } from 'commander'
import { printResult } from '../context.ts'
import { dataFolder } from '../credentials.ts'
import type { StartOptions } from '../start/start.ts'
import { table } from '../table.ts'
import { gatherPairs, wholeNumber } from '../values.ts'

const usualPort = 8080

const explain = async (command: Command): Promise<void> => {
  const { knownTypes } = await import('../../local/template/identity.ts')
  const types = knownTypes()
  printResult(command, { types }, () =>
    table(
      ['resource type', 'locally'],
      types.map(({ type, kind }) => [type, kind]),
    ),
  )
}

/** Runs the whole service on this machine, and shows it at work. */
export const startCommand = (): Command =>
  new Command('start')
    .description('run the whole service on this machine, and show it at work')
    .option('--once', 'end after the demonstration')
    .option('--no-demo', 'start without the demonstration')
    .option('--fresh', 'train the models of the demonstration again')
    .option('--explain', 'list the resource types and what the local service does with them')
    .option('--port <port>', 'port of the service; 0 picks a free one', wholeNumber, usualPort)
    .option('--data <folder>', 'folder that holds all state', dataFolder)
    .option('--ready-file <file>', 'write url, ownerKey and consumerKey here once the service answers')
    .option('-c, --context <key=value>', 'CDK context, such as percall:server-name=triton', gatherPairs)
    .action(async (options: StartOptions, command: Command) => {
      if (options.explain) return explain(command)
      const { start } = await import('../start/start.ts')
      await start(options, command)
    })
