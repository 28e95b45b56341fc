import { randomBytes } from 'node:crypto'
import { Command } from 'commander'
import { getConsumer, giveCredit, listCredits } from '../../client/billing.ts'
import type { CreditBody } from '../../client/bodies.ts'
import { ApiError } from '../../client/client.ts'
import { runId, runIdRandomBytes } from '../../src/run/run-id.ts'
import { again } from '../again.ts'
import { clientOf, note, printResult } from '../context.ts'
import { everyPage } from '../every-page.ts'
import { Refused } from '../refused.ts'
import { table } from '../table.ts'

const creditsText = (credits: readonly CreditBody[]): string =>
  table(
    ['credit', 'amount', 'memo', 'by key', 'given'],
    credits.map(({ id, amount, memo, actor, createdAt }) => [id, amount, memo, actor, createdAt]),
  )

// As the service makes them: in the order of their times.
const newId = (): string => runId(Date.now(), randomBytes(runIdRandomBytes))

const firstServerError = 500

/** A credit that no answer came of may be given: the same id tells, and gives it once. */
const maybeGiven = (thrown: unknown, repeat: string): unknown =>
  thrown instanceof ApiError && (thrown.status === undefined || thrown.status >= firstServerError)
    ? new Refused(thrown.message, `it may have been given; repeated with its id it is given once: ${repeat}`, thrown)
    : thrown

const give = (): Command =>
  new Command('give')
    .description('give credit to a prepaid consumer')
    .argument('<consumer>')
    .argument('<amount>', 'a decimal, such as 25')
    .option('--memo <text>', 'why, for whoever reads the list')
    .option('--id <id>', 'names it, so that it is given once however often this is repeated; a new one by default')
    .action(
      async (
        consumer: string,
        amount: string,
        { memo, id = newId() }: { readonly memo?: string; readonly id?: string },
        command: Command,
      ) => {
        const body = { id, amount, ...(memo !== undefined && { memo }) }
        const client = clientOf(command)
        // Before: what fails behind a credit would be tried again, and give it twice.
        const { plan } = await getConsumer(client, consumer)
        const credit = await giveCredit(client, consumer, body).catch((thrown: unknown) => {
          throw maybeGiven(
            thrown,
            `${again(command, consumer, amount)}${command.getOptionValueSource('id') === 'cli' ? '' : ` --id ${id}`}`,
          )
        })
        printResult(command, credit, () => creditsText([credit]))
        if (plan !== 'prepaid')
          note(
            `warning: ${consumer} is ${plan} and pays by invoice, so no credit is used; percall consumer plan ${consumer} --plan prepaid changes that`,
          )
      },
    )

const list = (): Command =>
  new Command('list')
    .description('list the credits of a consumer')
    .argument('<consumer>')
    .action(async (consumer: string, _: object, command: Command) => {
      const client = clientOf(command)
      const credits = await everyPage('credits', (query) => listCredits(client, consumer, query))
      printResult(command, { credits }, () => creditsText(credits))
    })

/** Credits of prepaid consumers. */
export const creditCommand = (): Command => {
  const command = new Command('credit').description('what prepaid consumers pay from')
  for (const inner of [give(), list()]) command.addCommand(inner)
  return command
}
