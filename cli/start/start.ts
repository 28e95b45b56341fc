import { renameSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { basename, join, resolve } from 'node:path'
import type { Command } from 'commander'
import type { Running } from '../../local/main.ts'
import { note, printResult } from '../context.ts'
import { dataFolder } from '../credentials.ts'
import { requireFreeFolder } from './free-folder.ts'
import { requireFreePort } from './free-port.ts'
import { type LocalKeys, localKeys } from './local-keys.ts'
import { showSummary } from './summary.ts'
import { synthesise } from './synthesise.ts'

export type StartOptions = {
  readonly once?: boolean
  readonly demo: boolean
  readonly explain?: boolean
  readonly fresh?: boolean
  readonly port: number
  readonly data: string
  readonly readyFile?: string
  readonly context?: readonly (readonly [string, string])[]
}

/** What an S3 client needs to put files where triggers look for them. */
const storeOf = ({
  s3Endpoint: endpoint,
  region,
  adminCredentials: { accessKeyId, secretAccessKey },
  outputs,
}: Running) => ({
  endpoint,
  region,
  // One by one: the SDK adds members of its own to credentials that it was given.
  accessKeyId,
  secretAccessKey,
  dataBucket: outputs.PercallService?.DataBucket ?? '',
})

type ReadyFacts = LocalKeys & { readonly url: string; readonly s3: ReturnType<typeof storeOf> }

const writeReadyFile = (path: string, facts: ReadyFacts): void => {
  // Renamed into place: who waits for the file never reads a part of it.
  writeFileSync(`${path}.new`, JSON.stringify(facts), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

const signalled = (): Promise<NodeJS.Signals> =>
  new Promise((stop) => {
    // Not `once`: a second Ctrl-C must not cut the closing short.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  })

type Place = { readonly port: number; readonly data: string; readonly context: Readonly<Record<string, string>> }

const open = async ({ port, data, context }: Place, interrupted: AbortSignal): Promise<Running> => {
  requireFreeFolder(data)
  await requireFreePort(port)
  note('building the functions and synthesising the stacks ...')
  const [assembly, { startLocal }] = await Promise.all([
    synthesise(data, { context, signal: interrupted }),
    import('../../local/main.ts'),
  ])
  return await startLocal({ assembly, data, port, onLine: note })
}

// As a shell tells of a death by signal n.
const signalExitCode = 128

/** Opens the service, or ends the process at the first signal: there is no call to wait for yet, and all state is on disk. */
const openUnlessStopped = async (place: Place, stopped: Promise<NodeJS.Signals>): Promise<Running> => {
  const building = new AbortController()
  let opening = true
  void stopped.then((signal) => {
    if (!opening) return
    building.abort()
    process.exit(signalExitCode + constants.signals[signal])
  })
  try {
    return await open(place, building.signal)
  } finally {
    opening = false
  }
}

const secondsSince = (beganAtMs: number): string => ((performance.now() - beganAtMs) / 1000).toFixed(1)

/** Builds, starts and shows the service; resolves when it is told to end, or after the demonstration with --once. */
export const start = async (options: StartOptions, command: Command): Promise<void> => {
  const data = resolve(options.data)
  const stopped = signalled()
  const running = await openUnlessStopped(
    { port: options.port, data, context: Object.fromEntries(options.context ?? []) },
    stopped,
  )
  try {
    const keys = await Promise.race([localKeys(running, data), stopped])
    if (typeof keys === 'string') return
    const { url } = running
    if (options.readyFile !== undefined) writeReadyFile(options.readyFile, { url, ...keys, s3: storeOf(running) })
    // performance.now() counts from the start of the process.
    note(`ready after ${secondsSince(0)} s: ${url} (the page), functions' logs in ${join(options.data, 'logs')}`)
    if (basename(data) !== dataFolder)
      note(`keys in ${join(options.data, 'credentials')}: set PERCALL_URL and PERCALL_KEY from it for other commands`)
    if (options.demo) {
      const { showDemo } = await import('../demo/show-demo.ts')
      const ended = await Promise.race([showDemo(url, keys, options), stopped])
      if (typeof ended === 'string') return
      if (ended.kind === 'failed') note(ended.warning)
      else printResult(command, { url, ...ended.facts }, ended.text)
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
