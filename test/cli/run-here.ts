import { vi } from 'vitest'
import { runWords } from '../../cli/run-words.ts'

export type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string }

/**
 * A command line in this process, in a folder and with no other settings than these: what its process would print and end
 * with (bin/percall starts a process in test/cli/command-line.test.ts). One at a time.
 */
export const runHere = async (
  words: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<Ran> => {
  const said = { stdout: '', stderr: '' }
  const listeners = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text, ...more) => {
      said[name] += typeof text === 'string' ? text : Buffer.from(text).toString()
      const done = more.find((one) => typeof one === 'function')
      done?.()
      return true
    }),
  )
  // Vitest has a console of its own, which does not write to stderr.
  const errors = vi.spyOn(console, 'error').mockImplementation((text) => {
    said.stderr += `${text}\n`
  })
  const before = { cwd: process.cwd(), env: process.env }
  process.env = { ...env }
  process.chdir(cwd)
  try {
    return { code: await runWords(words), ...said }
  } finally {
    process.chdir(before.cwd)
    process.env = before.env
    for (const listener of [...listeners, errors]) listener.mockRestore()
  }
}
