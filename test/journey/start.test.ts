import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'percall-start-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The figures of a text, in order; spaces and keys differ, these must not. */
const figures = (text: string): readonly string[] => text.match(/\d+\.\d{3,}/g) ?? []

// README's first command, as `npm start -- --once` runs it, from the examples' own files.
test('percall start --once -> exit code 0, and the output that README shows', async () => {
  const options = ['start', '--once', '--port', '0', '--data', join(folder, 'data')]
  const { stdout } = await promisify(execFile)(join(root, 'bin', 'percall'), options, { cwd: root })
  expect(stdout).toMatch(/theta\s+0\.9410554, 0\.0438566/)
  expect(stdout).toMatch(/predict\(\[5,6\]\)\s+4\.9684165/)
  const [, r2] = /R2 on 79 rows of cars\.test\.csv\s+(\S+),/.exec(stdout)!
  expect(Number(r2)).toBeGreaterThanOrEqual(0.79)
  const [, shown] = /```text\n([\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8'))!
  const printed = figures(stdout)
  for (const figure of figures(shown!)) expect(printed).toContain(figure)
})
