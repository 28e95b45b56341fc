import { Command } from 'commander'
import { moveAlias } from '../../client/registry.ts'
import { clientOf, printResult } from '../context.ts'
import { wholeNumber } from '../values.ts'

/** Points an alias of a model at a version. */
export const aliasCommand = (): Command =>
  new Command('alias')
    .description('point an alias, such as live, at a version')
    .argument('<name>')
    .argument('<alias>')
    .argument('<version>', 'its number', wholeNumber)
    .action(async (name: string, alias: string, version: number, _: object, command: Command) => {
      await moveAlias(clientOf(command), name, alias, version)
      printResult(command, { name, alias, version }, `${name}@${alias} -> ${version}`)
    })
