import { Command } from 'commander'
import { listModels } from '../../client/registry.ts'
import { clientOf, printResult } from '../context.ts'
import { everyPage } from '../every-page.ts'
import { table } from '../table.ts'

const aliasText = (aliases: Readonly<Record<string, number>>): string =>
  Object.entries(aliases)
    .map(([alias, version]) => `${alias} -> ${version}`)
    .join(', ')

/** Lists models and where their aliases point. */
export const modelsCommand = (): Command =>
  new Command('models').description('list the models').action(async (_: object, command: Command) => {
    const client = clientOf(command)
    const models = await everyPage('models', (query) => listModels(client, query))
    printResult(command, { models }, () =>
      table(
        ['model', 'versions', 'aliases', 'created'],
        models.map(({ name, lastVersion, aliases, createdAt }) => [name, lastVersion, aliasText(aliases), createdAt]),
      ),
    )
  })
