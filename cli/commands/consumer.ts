import { Command } from 'commander'
import {
  amendGrants,
  changeGrants,
  changeLimits,
  changePayment,
  createConsumer,
  deleteConsumer,
  getConsumer,
  listConsumers,
} from '../../client/billing.ts'
import type { ConsumerBody } from '../../client/bodies.ts'
import { ApiError } from '../../client/client.ts'
import { clientOf, confirm, note, printResult } from '../context.ts'
import { everyPage } from '../every-page.ts'
import { requireOneWay, tellGrants, warnOfGrantsThatStay, warnOfUnknownModels } from '../grants.ts'
import { type LimitOptions, limitsOf, limitsText, withLimits } from '../limit-options.ts'
import { Refused } from '../refused.ts'
import { table } from '../table.ts'

const monthText = (cap: string | undefined, free: string | undefined): string => {
  if (cap !== undefined) return `cap ${cap}`
  return free === undefined ? '' : `free ${free}`
}

const consumersText = (consumers: readonly ConsumerBody[]): string =>
  table(
    ['consumer', 'plan', 'a month', 'grants', 'limits', 'created'],
    consumers.map(({ id, plan, capPerMonth, freePerMonth, grants, limits, createdAt }) => [
      id,
      plan,
      monthText(capPerMonth, freePerMonth),
      grants.join(', '),
      limitsText(limits),
      createdAt,
    ]),
  )

type Options = { readonly plan?: string; readonly cap?: string; readonly free?: string }

const paymentOf = ({ plan, cap, free }: Options) => ({
  ...(plan !== undefined && { plan }),
  ...(cap !== undefined && { capPerMonth: cap, ...(plan === undefined && { plan: 'postpaid-capped' }) }),
  ...(free !== undefined && { freePerMonth: free }),
})

const balancesText = ({ balances = [] }: ConsumerBody): string =>
  balances.length === 0
    ? ''
    : `\n${table(
        ['balance', 'total', 'available', 'leased', 'spent'],
        balances.map(({ kind, total, available, leased, spent }) => [kind, total, available, leased, spent]),
      )}`

const deletedText = ({ id, deletedAt }: ConsumerBody): string =>
  deletedAt === undefined ? '' : `\n${id} was deleted at ${deletedAt}; its balance and credits stay readable\n`

/** What nobody can spend once the consumer is gone; undefined where there is none. */
const leftText = ({ id, balances = [] }: ConsumerBody): string | undefined => {
  const { available, leased } = balances.find(({ kind }) => kind === 'prepaid') ?? { available: '0', leased: '0' }
  if (available === '0' && leased === '0') return undefined
  const underWay =
    leased === '0' ? '' : `, and ${leased} leased to calls under way, of which what they do not use comes back`
  return `warning: ${id} has ${available} of its credit left${underWay}; nobody can spend it once ${id} is deleted, and percall consumer show ${id} and credit list ${id} still show what is to be given back`
}

/** The code's own hint, to read it again, is for those who changed something meanwhile. */
const inUse = (thrown: unknown, id: string): unknown =>
  thrown instanceof ApiError && thrown.code === 'CONFLICT'
    ? new Refused(
        thrown.message,
        `percall consumer show ${id} shows it, consumer plan, grant and limit change it; one that was deleted keeps its id: take another`,
        thrown,
      )
    : thrown

const create = (): Command =>
  new Command('create')
    .description('make a consumer that may call the models named')
    .argument('<id>')
    .argument('[models...]', 'models, or "*" for all')
    .option('--plan <plan>', 'postpaid, prepaid or postpaid-capped')
    .option('--cap <amount>', 'the most that a month may cost; implies postpaid-capped')
    .option('--free <amount>', 'what is free each month, for prepaid')
    .action(async (id: string, grants: string[], options: Options, command: Command) => {
      const client = clientOf(command)
      const consumer = await createConsumer(client, { id, grants, ...paymentOf(options) }).catch((thrown: unknown) => {
        throw inUse(thrown, id)
      })
      printResult(command, consumer, () => consumersText([consumer]))
      await warnOfUnknownModels(client, grants)
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
      printResult(command, consumer, () => consumersText([consumer]) + balancesText(consumer) + deletedText(consumer))
    })

const plan = (): Command =>
  new Command('plan')
    .description('change how a consumer pays')
    .argument('<id>')
    .option('--plan <plan>', 'postpaid, prepaid or postpaid-capped')
    .option('--cap <amount>', 'the most that a month may cost, from this month on; implies postpaid-capped')
    .option('--free <amount>', 'what is free each month, from this month on, for prepaid')
    .action(async (id: string, options: Options, command: Command) => {
      const consumer = await changePayment(clientOf(command), id, paymentOf(options))
      printResult(command, consumer, () => consumersText([consumer]))
    })

type GrantOptions = { readonly add?: boolean; readonly remove?: boolean }

const grant = (): Command =>
  new Command('grant')
    .description('set the models that a consumer may call, or add some or take some away')
    .argument('<id>')
    .argument('[models...]', 'models, or "*" for all; none takes all away')
    .option('--add', 'add them to those that it may call')
    .option('--remove', 'take them away from those that it may call')
    .action(async (id: string, models: string[], { add, remove }: GrantOptions, command: Command) => {
      requireOneWay(id, models, { add, remove })
      const client = clientOf(command)
      const consumer = await (add || remove
        ? amendGrants(client, id, add ? { add: models } : { remove: models })
        : changeGrants(client, id, models))
      printResult(command, consumer, () => consumersText([consumer]))
      tellGrants(consumer)
      if (remove) return warnOfGrantsThatStay(consumer, models)
      await warnOfUnknownModels(client, models)
    })

const limit = (): Command =>
  withLimits(
    new Command('limit')
      .description('set how often a consumer may call; none of the options takes all limits away')
      .argument('<id>'),
  ).action(async (id: string, options: LimitOptions, command: Command) => {
    const consumer = await changeLimits(clientOf(command), id, limitsOf(options) ?? null)
    printResult(command, consumer, () => consumersText([consumer]))
  })

const remove = (): Command =>
  new Command('delete')
    .description('end a consumer; its keys stop working, its usage, balance and credits stay readable')
    .argument('<id>')
    .action(async (id: string, _: object, command: Command) => {
      const client = clientOf(command)
      const left = leftText(await getConsumer(client, id))
      if (left !== undefined) note(left)
      await confirm(command, `delete consumer ${id}?`)
      await deleteConsumer(client, id)
      printResult(command, { id, deleted: true }, `${id}: deleted`)
    })

/** Consumers: who calls and pays. */
export const consumerCommand = (): Command => {
  const command = new Command('consumer').description('who calls and pays')
  for (const inner of [create(), list(), show(), grant(), plan(), limit(), remove()]) command.addCommand(inner)
  return command
}
