import { Command } from 'commander'
import { callableModels } from '../../client/models.ts'
import { listModels } from '../../client/registry.ts'
import { clientOf, printResult } from '../context.ts'
import { everyPage } from '../every-page.ts'
import { table } from '../table.ts'
import { unlessOwnerOnly } from '../unless-owner-only.ts'

const aliasText = (aliases: Readonly<Record<string, number>>): string =>
  Object.entries(aliases)
    .map(([alias, version]) => `${alias} -> ${version}`)
    .join(', ')

/** Lists models and where their aliases point; with a consumer's key the names of those that it may call. */
export const modelsCommand = (): Command =>
  new Command('models')
    .description("list the models; with a consumer's key those that it may call")
    .action(async (_: object, command: Command) => {
      const client = clientOf(command)
      await unlessOwnerOnly(
        async () => {
          const models = await everyPage('models', (query) => listModels(client, query))
          printResult(command, { models }, () =>
            table(
              ['model', 'versions', 'aliases', 'created'],
              models.map((model) => [model.name, model.lastVersion, aliasText(model.aliases), model.createdAt]),
            ),
          )
        },
        async () => {
          const names = await callableModels(client)
          const models = names.map((name) => ({ name }))
          printResult(command, { models }, () =>
            table(
              ['model'],
              names.map((name) => [name]),
            ),
          )
        },
      )
    })
