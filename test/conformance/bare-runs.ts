import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'

const childFile = join(import.meta.dirname, 'bare.ts')
const limitMs = 60_000

const ask = (child: ChildProcess, folder: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
    }, limitMs)
    const end = (failed: string | undefined): void => {
      clearTimeout(timer)
      child.removeAllListeners()
      resolve(failed)
    }
    child.once('message', ({ failed }: { failed?: string }) => end(failed))
    child.once('exit', (code, signal) => end(`ended the process: ${signal ?? code}`))
    child.send(folder)
  })

/** Runs the models of these folders on bare ONNX Runtime; why each failed, undefined where it passed. */
export const runBare = async (folders: readonly string[]): Promise<ReadonlyMap<string, string | undefined>> => {
  const results = new Map<string, string | undefined>()
  let child = fork(childFile, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  for (const folder of folders) {
    if (!child.connected) child = fork(childFile, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
    results.set(folder, await ask(child, folder))
  }
  child.kill()
  return results
}
