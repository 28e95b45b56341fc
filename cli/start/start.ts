import { renameSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { createClient } from '../../client/client.ts'
import type { Running } from '../../local/main.ts'
import type { StartOptions } from '../commands/start.ts'
import { note, printResult } from '../context.ts'
import { dataFolder } from '../credentials.ts'
import { requireFreePort } from './free-port.ts'
import { type LocalKeys, localKeys } from './local-keys.ts'
import { showSummary } from './summary.ts'
import { synthesise } from './synthesise.ts'

const writeReadyFile = (path: string, facts: LocalKeys & { readonly url: string }): void => {
  // Renamed into place: who waits for the file never reads a part of it.
  writeFileSync(`${path}.new`, JSON.stringify(facts), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

const signalled = (): Promise<NodeJS.Signals> =>
  new Promise((stop) => {
    // Not `once`: a second Ctrl-C must not cut the closing short.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  })

const open = async ({ port, data }: { readonly port: number; readonly data: string }): Promise<Running> => {
  await requireFreePort(port)
  note('building the functions and synthesising the stacks ...')
  const [assembly, { startLocal }] = await Promise.all([synthesise(data), import('../../local/main.ts')])
  return await startLocal({ assembly, data, port, onLine: note })
}

const secondsSince = (beganAtMs: number): string => ((performance.now() - beganAtMs) / 1000).toFixed(1)

/** Builds, starts and shows the service; resolves when it is told to end, or after the demonstration with --once. */
export const start = async (options: StartOptions, command: Command): Promise<void> => {
  const data = resolve(options.data)
  const stopped = signalled()
  const running = await open({ port: options.port, data })
  try {
    const keys = await localKeys(running, data)
    const { url } = running
    if (options.readyFile !== undefined) writeReadyFile(options.readyFile, { url, ...keys })
    // performance.now() counts from the start of the process.
    note(`ready after ${secondsSince(0)} s: ${url} (the page), functions' logs in ${join(options.data, 'logs')}`)
    if (basename(data) !== dataFolder)
      note(`keys in ${join(options.data, 'credentials')}: set PERCALL_URL and PERCALL_KEY from it for other commands`)
    if (options.demo) {
      const { demonstrate } = await import('../demo/demonstrate.ts')
      const owner = createClient({ url, key: keys.ownerKey })
      const consumer = createClient({ url, key: keys.consumerKey })
      const shown = demonstrate({
        owner,
        consumer,
        consumerKey: keys.consumerKey,
        fresh: options.fresh === true,
        print: note,
      })
      const ended = await Promise.race([shown, stopped])
      if (typeof ended === 'string') return
      printResult(command, { url, ...ended.facts }, ended.text)
    }
    if (options.once) return
    note('stays up; Ctrl-C ends it, and the next start goes on with the same data')
    const hide = showSummary(running)
    await stopped
    hide()
  } finally {
    note('closing ...')
    await running.close()
  }
}
