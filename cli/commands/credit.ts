import { Command } from 'commander'
import { getConsumer, giveCredit, listCredits } from '../../client/billing.ts'
import type { CreditBody } from '../../client/bodies.ts'
import { clientOf, note, printResult } from '../context.ts'
import { everyPage } from '../every-page.ts'
import { table } from '../table.ts'

const creditsText = (credits: readonly CreditBody[]): string =>
  table(
    ['credit', 'amount', 'memo', 'by key', 'given'],
    credits.map(({ id, amount, memo, actor, createdAt }) => [id, amount, memo, actor, createdAt]),
  )

const give = (): Command =>
  new Command('give')
    .description('give credit to a prepaid consumer')
    .argument('<consumer>')
    .argument('<amount>', 'a decimal, such as 25')
    .option('--memo <text>', 'why, for whoever reads the list')
    .option('--id <id>', 'names it, so that it is given once however often this is repeated')
    .action(
      async (
        consumer: string,
        amount: string,
        { memo, id }: { readonly memo?: string; readonly id?: string },
        command: Command,
      ) => {
        const body = { amount, ...(memo !== undefined && { memo }), ...(id !== undefined && { id }) }
        const client = clientOf(command)
        // Before: what fails behind a credit would be tried again, and give it twice.
        const { plan } = await getConsumer(client, consumer)
        const credit = await giveCredit(client, consumer, body)
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
