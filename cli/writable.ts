import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { Failure } from './failure.ts'

const writing = ['out', 'html', 'plot']

/** What a command writes by this option: one file, or a folder of files, which its flags say. */
type Written = { readonly name: string; readonly path: string; readonly isFolder: boolean }

const writtenBy = (command: Command): readonly Written[] =>
  command.options.flatMap((option) => {
    const name = option.attributeName()
    const path: unknown = command.getOptionValue(name)
    if (!writing.includes(name) || typeof path !== 'string') return []
    return [{ name, path, isFolder: option.flags.includes('<folder>') }]
  })

/** The path itself where it is there, else the first folder above it that is. */
const existing = (path: string): string => (existsSync(path) ? path : existing(dirname(path)))

/** A folder may be there, or is made with those above it. */
const faultOfFolder = (path: string): string | undefined => {
  const there = existing(resolve(path))
  if (!statSync(there).isDirectory()) return `${there} is a file`
  accessSync(there, constants.W_OK)
  return undefined
}

const faultOfFile = (path: string): string | undefined => {
  accessSync(dirname(resolve(path)), constants.W_OK)
  const there = statSync(path, { throwIfNoEntry: false })
  if (there?.isDirectory()) return 'it is a folder'
  if (there) accessSync(path, constants.W_OK)
  return undefined
}

const faultOf = ({ path, isFolder }: Written): string | undefined => {
  try {
    return isFolder ? faultOfFolder(path) : faultOfFile(path)
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown)
  }
}

/** Refuses files and folders that could not be written, before a call is made whose answer would be charged and lost. Throws CANNOT_WRITE. */
export const requireWritable = (command: Command): void => {
  for (const written of writtenBy(command)) {
    const fault = faultOf(written)
    if (fault === undefined) continue
    const { name, path, isFolder } = written
    throw new Failure(
      'CANNOT_WRITE',
      `--${name} ${path}: expected a ${isFolder ? 'folder' : 'file'} that can be written, ${fault}`,
      `${isFolder ? 'name another folder' : 'make its folder, or name another file'}; nothing was sent`,
    )
  }
}
