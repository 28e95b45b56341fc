import { Command } from 'commander'
import { getRun, listRuns, type RunBody, runNotices } from '../../client/training.ts'
import { clientOf, printResult } from '../context.ts'
import { everyPage } from '../every-page.ts'
import { outcomeText, runText } from '../run-text.ts'
import { table } from '../table.ts'

const mostShown = 80

/** A reason may be a paragraph; `percall runs ID` has all of it. */
const shortened = (text: string): string => (text.length > mostShown ? `${text.slice(0, mostShown - 3)}...` : text)

const runsText = (runs: readonly RunBody[]): string =>
  table(
    ['run', 'model', 'state', 'outcome', 'created'],
    runs.map((run) => [run.id, run.model, run.state, shortened(outcomeText(run)), run.createdAt]),
  )

/** Lists training runs, or shows one. */
export const runsCommand = (): Command =>
  new Command('runs')
    .description('list the training runs, or show one')
    .argument('[id]')
    .action(async (id: string | undefined, _: object, command: Command) => {
      const client = clientOf(command)
      if (id !== undefined) {
        const run = await getRun(client, id)
        const notices = await runNotices(client, id)
        printResult(command, { ...run, notices }, () => runText(run, notices))
        return
      }
      const runs = await everyPage('runs', (query) => listRuns(client, query))
      printResult(command, { runs }, () => runsText(runs))
    })
