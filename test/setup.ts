import { existsSync, mkdirSync, mkdtempSync, readdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { inMemory, removeFolder } from './temporary.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder of this run, in which the first test that needs the synthesised stacks puts them. */
    readonly runFolder: string
  }
}

/** Folders in memory whose run was killed before it could remove them. */
const removeLeftovers = (place: string): void => {
  for (const name of readdirSync(place)) {
    const [, pid] = /^percall-tests-(\d+)$/.exec(name) ?? []
    const path = join(place, name)
    const isOver = pid !== undefined && !existsSync(`/proc/${pid}`)
    if (isOver && statSync(path).uid === process.getuid?.()) removeFolder(path)
  }
}

export default (project: TestProject): (() => void) => {
  const { TMPDIR } = process.env
  const own = TMPDIR !== undefined && inMemory(TMPDIR)
  if (own) {
    removeLeftovers(dirname(TMPDIR))
    mkdirSync(TMPDIR, { recursive: true, mode: 0o700 })
  }
  const folder = mkdtempSync(join(tmpdir(), 'percall-tests-'))
  project.provide('runFolder', folder)
  return () => removeFolder(own ? TMPDIR : folder)
}
