import { accessSync, constants, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { Failure } from './failure.ts'

const writing = ['out', 'html', 'plot']

const faultOf = (path: string): string | undefined => {
  try {
    accessSync(dirname(resolve(path)), constants.W_OK)
    const there = statSync(path, { throwIfNoEntry: false })
    if (there?.isDirectory()) return 'it is a folder'
    if (there) accessSync(path, constants.W_OK)
    return undefined
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown)
  }
}

/** Refuses files that could not be written, before a call is made whose answer would be charged and lost. Throws CANNOT_WRITE. */
export const requireWritable = (command: Command): void => {
  for (const name of writing) {
    const path: unknown = command.getOptionValue(name)
    const fault = typeof path === 'string' ? faultOf(path) : undefined
    if (fault !== undefined)
      throw new Failure(
        'CANNOT_WRITE',
        `--${name} ${path}: expected a file that can be written, ${fault}`,
        'make its folder, or name another file; nothing was sent',
      )
  }
}
