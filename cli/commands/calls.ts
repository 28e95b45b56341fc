import { writeFileSync } from 'node:fs'
import { Command } from 'commander'
import type { CallBody } from '../../client/bodies.ts'
import { callResult, getCall, listCalls, waitForCall } from '../../client/calls.ts'
import { clientOf, note, printResult, wantsJson } from '../context.ts'
import { everyPage } from '../every-page.ts'
import { table } from '../table.ts'

const outcomeOf = ({ state, error }: CallBody): string =>
  error ? `${state}: ${error.code ?? error.status}: ${error.detail ?? ''}` : state

const callsText = (calls: readonly CallBody[]): string =>
  table(
    ['call', 'model', 'state', 'units', 'cost', 'created', 'ended'],
    calls.map((call) => [
      call.id,
      `${call.model}/${call.version}`,
      outcomeOf(call),
      call.units,
      call.cost,
      call.createdAt,
      call.endedAt,
    ]),
  )

/** Lists the calling key's own calls that are answered later. */
export const callsCommand = (): Command =>
  new Command('calls')
    .description('list your calls that are answered later, newest first')
    .action(async (_: object, command: Command) => {
      const client = clientOf(command)
      const calls = await everyPage('calls', (query) => listCalls(client, query))
      printResult(command, { calls }, () => callsText(calls))
    })

type Options = { readonly wait?: boolean; readonly out?: string }

/** Shows one of them, or its answer. */
export const callCommand = (): Command =>
  new Command('call')
    .description('show a call that is answered later, or its answer')
    .argument('<id>')
    .option('--wait', 'wait until it has ended, then print its answer')
    .option('--out <file>', 'wait until it has ended, then write its answer there')
    .action(async (id: string, { wait, out }: Options, command: Command) => {
      const client = clientOf(command)
      if (!wait && out === undefined) {
        const call = await getCall(client, id)
        printResult(command, call, () => callsText([call]))
        return
      }
      const call = await waitForCall(client, id, { onProgress: ({ state }) => note(`${state} ...`) })
      const { body, headers } = await callResult(client, id)
      if (out !== undefined) writeFileSync(out, body)
      else if (!wantsJson(command)) process.stdout.write(body)
      const result = out === undefined ? Buffer.from(body).toString('base64') : undefined
      const contentType = headers.get('content-type')
      printResult(command, { ...call, contentType, ...(result !== undefined && { resultBase64: result }) }, '')
      note(`${call.model}/${call.version}: units ${call.units}, cost ${call.cost}`)
    })
