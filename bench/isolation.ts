/** What a call costs that runs in a child process, beside the same call inline. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { sha256 } from '../adapters/aws/artifacts.ts'
import { childSessions } from '../adapters/sessions/child-sessions.ts'
import { sessions } from '../adapters/sessions/sessions.ts'
import { inspectOnnx } from '../src/onnx/inspect.ts'
import type { Infer } from '../src/ports.ts'
import type { Tensor } from '../src/tensor/tensor.ts'
import { figureOf } from './measure/figure.ts'
import { alternate, timeCalls } from './measure/pairs.ts'
import { report } from './measure/result.ts'
import { randomRows } from './models/rows.ts'
import { features, tensorTreeModel } from './models/tree-model.ts'

const pairs = 11
const usPerMs = 1000
const root = join(import.meta.dirname, '..')

const trees = tensorTreeModel()
const version = {
  model: 'trees',
  number: 1,
  digest: sha256(trees),
  sizeBytes: trees.length,
  signature: inspectOnnx(trees).signature,
  createdAtMs: 0,
}
const readArtifact = async (): Promise<Uint8Array> => trees
const nowMs = (): number => performance.now()

const folder = mkdtempSync(join(tmpdir(), 'percall-bench-'))
const file = join(folder, 'child.cjs')
await build({
  entryPoints: [join(root, 'adapters', 'child', 'child.ts')],
  outfile: file,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  external: ['onnxruntime-node'],
  logLevel: 'error',
})

const inline = sessions({ readArtifact, mostBytes: trees.length, threads: 1, nowMs })
const program = { file, options: [], environment: { NODE_PATH: join(root, 'node_modules') } }
const children = childSessions({
  readArtifact,
  program,
  threads: 1,
  timeLimitMs: 20_000,
  functionMemoryMb: 1769,
  nowMs,
})

const questions = [
  { rows: 1, calls: 300 },
  { rows: 1000, calls: 40 },
] as const

try {
  const figures = []
  for (const { rows, calls } of questions) {
    const x: Tensor = {
      name: 'x',
      datatype: 'FP32',
      shape: [rows, features],
      data: Float32Array.from(randomRows(rows).flat()),
    }
    const timing = (infer: Infer) => () => timeCalls(calls, usPerMs, () => infer(version, [x], ['y']))
    const [ours, peer] = [timing(children.infer), timing(inline.infer)]
    await ours() // opens the child, and the session here
    await peer()
    const taken = await alternate(pairs, ours, peer)
    figures.push(
      figureOf({
        question: `inference in a child process, ${rows} ${rows === 1 ? 'row' : 'rows'} x ${features}`,
        unit: 'us',
        samples: taken.ours,
        peer: { name: 'the same inline', samples: taken.peers },
      }),
    )
  }
  report('isolation', figures, [
    'Models with Loop, Scan or If, and calls larger than what the probe ran, run in a child that can be killed (docs/security-of-models.md). Inference only: tensors go over and back by the pipe between the processes.',
  ])
} finally {
  children.end()
  rmSync(folder, { recursive: true, force: true })
}
