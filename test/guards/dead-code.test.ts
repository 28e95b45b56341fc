import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root, tool, withFiles } from './planted.ts'

test('an unused export, file and dependency -> knip names each', () => {
  const manifest = { name: 'planted', type: 'module', dependencies: { 'dead-dependency': '1.0.0' } }
  const files = {
    'knip.jsonc': readFileSync(join(root, 'knip.jsonc'), 'utf8'),
    'package.json': JSON.stringify(manifest),
    'src/live.ts': 'export const used = 1\nexport const deadExport = 2\n',
    'src/dead-file.ts': 'export const nobody = 1\n',
    'functions/predict.ts': "import { used } from '../src/live.ts'\nexport const handler = () => used\n",
  }
  const { stdout, status } = withFiles(files, (folder) =>
    spawnSync(tool('knip'), ['--no-progress'], { cwd: folder, encoding: 'utf8' }),
  )
  expect(status).toBe(1)
  for (const fault of ['deadExport', 'src/dead-file.ts', 'dead-dependency']) expect(stdout).toContain(fault)
  expect(stdout).not.toMatch(/\bused\b|functions\/predict/)
})
