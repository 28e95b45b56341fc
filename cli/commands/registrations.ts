import { Command } from 'commander'
import { listRegistrations } from '../../client/registry.ts'
import { clientOf, printResult } from '../context.ts'
import { everyPage } from '../every-page.ts'
import { table } from '../table.ts'

/** Lists uploaded files on their way to a version, and how they ended. */
export const registrationsCommand = (): Command =>
  new Command('registrations')
    .description('list the uploaded files on their way to a version, newest first')
    .action(async (_: object, command: Command) => {
      const client = clientOf(command)
      const registrations = await everyPage('registrations', (query) => listRegistrations(client, query))
      printResult(command, { registrations }, () =>
        table(
          ['registration', 'model', 'state', 'outcome', 'created'],
          registrations.map(({ id, model, state, step, version, error, createdAt }) => [
            id,
            model,
            state,
            error ? `${error.code}: ${error.message}` : version === undefined ? step : `${model}/${version}`,
            createdAt,
          ]),
        ),
      )
    })
