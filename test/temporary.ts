import { chmodSync, existsSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'

const memory = '/dev/shm'
// A dozen services with the code of their functions, and files of a hundred MB.
const enoughBytes = 3 * 1024 ** 3

export const inMemory = (folder: string): boolean => folder.startsWith(join(memory, 'percall-tests-'))

/**
 * Where tests put their files: memory where there is enough of it, because the services wait for the disk at each write
 * (25 s -> 13 s of test/functions/train-rounds.test.ts). On the disk with PERCALL_LONG, whose files are of gigabytes.
 */
export const temporaryFolder = (): string | undefined => {
  if (process.env.TMPDIR !== undefined || process.env.PERCALL_LONG !== undefined) return undefined
  if (!existsSync(memory)) return undefined
  const { bavail, bsize } = statfsSync(memory)
  return bavail * bsize >= enoughBytes ? join(memory, `percall-tests-${process.pid}`) : undefined
}

/** Removes a folder, with the read-only ones that a service leaves in it when it is killed. */
export const removeFolder = (folder: string): void => {
  const restore = (path: string): void => {
    chmodSync(path, 0o700)
    for (const entry of readdirSync(path, { withFileTypes: true }))
      if (entry.isDirectory()) restore(join(path, entry.name))
  }
  if (existsSync(folder)) restore(folder)
  rmSync(folder, { recursive: true, force: true })
}
