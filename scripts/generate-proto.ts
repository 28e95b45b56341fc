/**
 * Makes src/onnx/proto/generated from src/onnx/proto/onnx.proto: `node scripts/generate-proto.ts`.
 * Needs the npm registry once, for buf (a compiler that is no dependency of ours); the result is committed.
 */
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const bufVersion = '1.75.0'
const root = dirname(dirname(fileURLToPath(import.meta.url)))

// target=js+dts: Node's type stripping refuses the enums of target=ts.
const template = {
  version: 'v2',
  plugins: [
    {
      local: join(root, 'node_modules/.bin/protoc-gen-es'),
      out: join(root, 'src/onnx/proto/generated'),
      opt: ['target=js+dts', 'import_extension=js'],
    },
  ],
}

const { status } = spawnSync(
  'npm',
  [
    'exec',
    '--yes',
    `--package=@bufbuild/buf@${bufVersion}`,
    '--',
    'buf',
    'generate',
    'src/onnx/proto',
    '--template',
    JSON.stringify(template),
  ],
  { cwd: root, stdio: 'inherit' },
)
process.exitCode = status ?? 1
