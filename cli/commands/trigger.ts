import { Command } from 'commander'
import type { Client } from '../../client/client.ts'
import { getRun, type RunState } from '../../client/training.ts'
import {
  type DecisionBody,
  deleteTrigger,
  getTrigger,
  listDecisions,
  listTriggers,
  putTrigger,
  type TriggerBody,
} from '../../client/triggers.ts'
import { clientOf, confirm, printResult } from '../context.ts'
import { everyPage } from '../every-page.ts'
import { withRunOptions } from '../run-options.ts'
import { runRequest, type TrainOptions } from '../run-request.ts'
import { reasonText } from '../run-text.ts'
import { table } from '../table.ts'

/** As many as a terminal shows at once; the API has the others. */
const decisionsShown = 20

const whenText = ({ onDataset, schedule }: TriggerBody): string =>
  [...(onDataset ? ['new objects'] : []), ...(schedule === undefined ? [] : [schedule])].join(', ')

const nextText = ({ enabled, nextDueAt }: TriggerBody): string | undefined => (enabled ? nextDueAt : 'disabled')

const triggersText = (triggers: readonly TriggerBody[]): string =>
  table(
    ['model', 'dataset', 'target', 'when', 'next (UTC)'],
    triggers.map((one) => [one.model, one.run.dataset, one.run.target, whenText(one), nextText(one)]),
  )

/** How far the runs are that decisions started, by their id. */
const statesOf = async (client: Client, decisions: readonly DecisionBody[]): Promise<ReadonlyMap<string, RunState>> => {
  const started = decisions.flatMap((one) => (one.kind === 'start' ? [one.runId] : []))
  return new Map(await Promise.all(started.map(async (id) => [id, (await getRun(client, id)).state] as const)))
}

const decisionsText = (decisions: readonly DecisionBody[], states: ReadonlyMap<string, RunState>): string =>
  table(
    ['at', 'reason', 'decided', 'why'],
    decisions.map((one) =>
      one.kind === 'start'
        ? [
            one.at,
            reasonText(one.reason),
            `run ${one.runId} (${states.get(one.runId)})`,
            `dataset version ${one.datasetVersion}`,
          ]
        : [one.at, reasonText(one.reason), `skipped: ${one.skip}`, one.why],
    ),
  )

type PutOptions = Omit<TrainOptions, 'name' | 'wait'> & {
  readonly onDataset?: boolean
  readonly schedule?: string
  readonly disabled?: boolean
}

const put = (): Command =>
  withRunOptions(new Command('put'))
    .description("start a model's runs by itself: on new objects of a dataset, by a schedule, or both")
    .argument('<model>', 'the model that gets the versions')
    .option('--on-dataset', 'when an object is put under datasets/DATASET/incoming/ in the data bucket')
    .option('--schedule <expression>', 'rate(1 day) or cron(0 3 * * ? *), in UTC')
    .option('--disabled', 'keep it, and start nothing')
    .action(async (name: string, options: PutOptions, command: Command) => {
      const { model, ...run } = runRequest({ ...options, name })
      const { onDataset = false, schedule, disabled = false } = options
      const when = { onDataset, enabled: !disabled, ...(schedule !== undefined && { schedule }) }
      const trigger = await putTrigger(clientOf(command), model, { run, ...when })
      printResult(command, trigger, () => triggersText([trigger]))
    })

const list = (): Command =>
  new Command('list').description('list the triggers').action(async (_: object, command: Command) => {
    const client = clientOf(command)
    const triggers = await everyPage('triggers', (query) => listTriggers(client, query))
    printResult(command, { triggers }, () => triggersText(triggers))
  })

const show = (): Command =>
  new Command('show')
    .description('show a trigger, and what it started and skipped')
    .argument('<model>')
    .action(async (model: string, _: object, command: Command) => {
      const client = clientOf(command)
      const trigger = await getTrigger(client, model)
      const { decisions } = await listDecisions(client, model, { limit: decisionsShown })
      const states = await statesOf(client, decisions)
      const lines = decisions.length === 0 ? 'nothing has been decided yet' : decisionsText(decisions, states)
      printResult(command, { ...trigger, decisions }, () => `${triggersText([trigger])}\n\n${lines}`)
    })

const remove = (): Command =>
  new Command('delete')
    .description('remove a trigger; its runs and decisions stay')
    .argument('<model>')
    .action(async (model: string, _: object, command: Command) => {
      await confirm(command, `delete the trigger of ${model}?`)
      await deleteTrigger(clientOf(command), model)
      printResult(command, { model, deleted: true }, `trigger of ${model}: deleted`)
    })

/** What starts runs by itself. */
export const triggerCommand = (): Command =>
  new Command('trigger')
    .description('start runs by new data or by a schedule')
    .addCommand(put())
    .addCommand(list())
    .addCommand(show())
    .addCommand(remove())
