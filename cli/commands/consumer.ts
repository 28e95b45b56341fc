import { Command } from 'commander'
import { changeGrants, createConsumer, deleteConsumer, getConsumer, listConsumers } from '../../client/billing.ts'
import type { ConsumerBody } from '../../client/bodies.ts'
import { clientOf, confirm, printResult } from '../context.ts'
import { everyPage } from '../every-page.ts'
import { table } from '../table.ts'

const consumersText = (consumers: readonly ConsumerBody[]): string =>
  table(
    ['consumer', 'plan', 'grants', 'created'],
    consumers.map(({ id, plan, grants, createdAt }) => [id, plan, grants.join(', '), createdAt]),
  )

type Options = { readonly plan?: string }

const create = (): Command =>
  new Command('create')
    .description('make a consumer that may call the models named')
    .argument('<id>')
    .argument('[models...]', 'models, or "*" for all')
    .option('--plan <plan>', 'postpaid')
    .action(async (id: string, grants: string[], { plan }: Options, command: Command) => {
      const consumer = await createConsumer(clientOf(command), { id, grants, ...(plan !== undefined && { plan }) })
      printResult(command, consumer, () => consumersText([consumer]))
    })

const list = (): Command =>
  new Command('list').description('list the consumers').action(async (_: object, command: Command) => {
    const client = clientOf(command)
    const consumers = await everyPage('consumers', (query) => listConsumers(client, query))
    printResult(command, { consumers }, () => consumersText(consumers))
  })

const show = (): Command =>
  new Command('show')
    .description('show a consumer')
    .argument('<id>')
    .action(async (id: string, _: object, command: Command) => {
      const consumer = await getConsumer(clientOf(command), id)
      printResult(command, consumer, () => consumersText([consumer]))
    })

const grant = (): Command =>
  new Command('grant')
    .description('set the models that a consumer may call')
    .argument('<id>')
    .argument('[models...]', 'models, or "*" for all; none takes all away')
    .action(async (id: string, grants: string[], _: object, command: Command) => {
      const consumer = await changeGrants(clientOf(command), id, grants)
      printResult(command, consumer, () => consumersText([consumer]))
    })

const remove = (): Command =>
  new Command('delete')
    .description('end a consumer; its keys stop working, its usage stays')
    .argument('<id>')
    .action(async (id: string, _: object, command: Command) => {
      await confirm(command, `delete consumer ${id}?`)
      await deleteConsumer(clientOf(command), id)
      printResult(command, { id, deleted: true }, `${id}: deleted`)
    })

/** Consumers: who calls and pays. */
export const consumerCommand = (): Command => {
  const command = new Command('consumer').description('who calls and pays')
  for (const inner of [create(), list(), show(), grant(), remove()]) command.addCommand(inner)
  return command
}
