import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { kernelFaults } from '../../scripts/build-kernels.ts'
import { root } from './planted.ts'

const kernels = 'src/estimators/kernels'

/** The kernels elsewhere, with `file` edited. */
const edited = (file: string, from: string, to: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'percall-kernels-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  cpSync(join(root, kernels), join(folder, kernels), { recursive: true })
  const path = join(folder, kernels, file)
  const text = readFileSync(path, 'utf8')
  expect(text).toContain(from)
  writeFileSync(path, text.replace(from, to))
  return folder
}

test('a source that nobody compiled -> refused by name', async () => {
  expect(await kernelFaults(edited('rows.ts', 'v == v ?', 'v != v ?'))).toEqual([
    expect.stringMatching(/^src\/estimators\/kernels\/generated\/trees\.ts: expected what .* compile to; run node/),
  ])
})
