import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Debian's own, for which its packages are: another one on the path has none of them. */
const python = process.env.PERCALL_PYTHON ?? '/usr/bin/python3'

export type PythonPeer = {
  /** The peer's first line: its version. */
  readonly version: string
  /** Sends a line and answers the words of the one that comes back. */
  readonly ask: (line: string) => Promise<readonly string[]>
  readonly close: () => void
}

/** A script of this folder as a process that answers a line for a line; undefined where Python or a package is missing. */
export const openPython = async (script: string, ...words: readonly string[]): Promise<PythonPeer | undefined> => {
  const child = spawn(python, [join(import.meta.dirname, script), ...words], { stdio: ['pipe', 'pipe', 'ignore'] })
  const failed = Promise.race([once(child, 'error'), once(child, 'exit')]).then(() => undefined)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<string | undefined> => {
    const line = await Promise.race([lines.next(), failed])
    return line === undefined || line.done ? undefined : line.value
  }
  const version = await next()
  if (version === undefined) return undefined
  return {
    version,
    ask: async (line) => {
      child.stdin.write(`${line}\n`)
      const answer = await next()
      if (answer === undefined) throw new Error(`${script}: expected an answer to ${line}, it ended`)
      return answer.split(' ')
    },
    close: () => child.stdin.end(),
  }
}
