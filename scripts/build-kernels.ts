/**
 * Compiles src/estimators/kernels/*.ts (AssemblyScript) into src/estimators/kernels/generated/trees.ts, which has the
 * WebAssembly module as base64: `node scripts/build-kernels.ts`. The result is committed; `npm run check` compares it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import asc from 'assemblyscript/asc'

const sources = ['histogram', 'threshold', 'rows'].map((name) => `src/estimators/kernels/${name}.ts`)
const target = 'src/estimators/kernels/generated/trees.ts'

// 4 GB: what 32 bits address. The memory comes from outside and is as large as the fit needs.
const mostPages = 65536

/** The text of the generated module. */
const compiled = async (root: string): Promise<string> => {
  let bytes: Uint8Array | undefined
  const { error, stderr } = await asc.main(
    [
      ...[...sources, '--baseDir', root, '--outFile', 'trees.wasm', '--runtime', 'stub', '--noAssert', '-O3'],
      ...['--enable', 'simd,threads', '--importMemory', '--sharedMemory', '--maximumMemory', String(mostPages)],
    ],
    {
      writeFile: (name, contents) => {
        if (name.endsWith('.wasm') && typeof contents !== 'string') bytes = contents
      },
    },
  )
  if (error || !bytes) throw new Error(`kernels: expected asc to compile ${sources.join(' and ')}, got ${stderr}`)
  const base64 = Buffer.from(bytes).toString('base64')
  return `// Made of src/estimators/kernels/*.ts by scripts/build-kernels.ts; ${bytes.length} bytes.\nexport const treeKernels =\n  '${base64}'\n`
}

/** Where the committed module is not what its source compiles to. */
export const kernelFaults = async (root: string): Promise<readonly string[]> =>
  readFileSync(join(root, target), 'utf8') === (await compiled(root))
    ? []
    : [`${target}: expected what ${sources.join(' and ')} compile to; run node scripts/build-kernels.ts`]

if (import.meta.main) {
  const root = join(import.meta.dirname, '..')
  writeFileSync(join(root, target), await compiled(root))
}
