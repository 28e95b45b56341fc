import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { printResult } from '../context.ts'
import { dataFolder } from '../credentials.ts'
import { Failure } from '../failure.ts'
import { wholeNumber } from '../values.ts'

const suffix = '.log'
const usualLines = 50

const functionsOf = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith(suffix))
        .map((file) => file.slice(0, -suffix.length))
    : []

type Options = { readonly data: string; readonly lines: number }

/** Shows the logs of the local service's functions. */
export const logsCommand = (): Command =>
  new Command('logs')
    .description("show the end of the logs of the local service's functions")
    .argument('[function]', 'a part of its name; all of them where absent')
    .option('--lines <n>', 'of each function', wholeNumber, usualLines)
    .option('--data <folder>', 'folder of the local service', dataFolder)
    .action((wanted: string | undefined, { data, lines }: Options, command: Command) => {
      const folder = join(data, 'logs')
      const all = functionsOf(folder)
      const names = wanted === undefined ? all : all.filter((name) => name.toLowerCase().includes(wanted.toLowerCase()))
      if (names.length === 0) {
        const got = all.length === 0 ? 'no logs' : all.join(', ')
        const hint = 'logs are those of the local service; name its folder with --data'
        throw new Failure('NO_LOGS', `${folder}: expected the log of ${wanted ?? 'a function'}, got ${got}`, hint)
      }
      const logs = names.map((name) => ({
        function: name,
        lines: readFileSync(join(folder, name + suffix), 'utf8')
          .trimEnd()
          .split('\n')
          .slice(-lines),
      }))
      printResult(command, { logs }, () => logs.map((log) => `== ${log.function}\n${log.lines.join('\n')}`).join('\n'))
    })
