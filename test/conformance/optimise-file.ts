/** `node test/conformance/optimise-file.ts FILE.onnx...`: all variants of each file, measured, as a table. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { optimiseFile } from '../../adapters/variants/optimise-file.ts'
import { variantsText } from '../../cli/variants-text.ts'
import { outputQuality } from '../../src/optimise/quality.ts'

const deps = {
  program: { file: join(import.meta.dirname, '../../adapters/child/child.ts'), options: [], environment: {} },
  ...{ threads: 1, weightBits: 7 as const },
  limits: { timeMs: 60_000, memoryMb: 1769 },
  timing: { mostRuns: 100, mostMs: 500 },
}

for (const file of process.argv.slice(2)) {
  const folder = mkdtempSync(join(tmpdir(), 'percall-optimise-file-'))
  try {
    const path = join(folder, 'model.onnx')
    copyFileSync(file, path)
    const request = { path, folder, policy: 'smallest:1%', judge: outputQuality, others: {} }
    const { optimisation } = await optimiseFile(deps)(request)
    console.log(`\n${basename(file)}\n${variantsText(optimisation)}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
