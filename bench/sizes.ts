/** Bytes that a cold start must read: the minified bundle of predict and its layer. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle, bundleSizes } from '../infra/build.ts'
import { readManifest } from '../layers/build.ts'
import { onnxruntime } from '../layers/onnxruntime/allow-list.ts'
import { countedFigure } from './measure/figure.ts'
import { report } from './measure/result.ts'

const bytesPerMb = 1_000_000
const mostBundleMb = 1
const mostLayerMb = { x86_64: 50, arm64: 30 } as const

const folder = mkdtempSync(join(tmpdir(), 'percall-bench-'))
try {
  await bundle(folder)
  const sizes = bundleSizes(folder)
  const { versions, architectures } = readManifest(onnxruntime)
  report(
    'sizes',
    [
      countedFigure({
        question: 'bundle of predict, minified, without its layer',
        unit: 'MB',
        value: sizes.predict! / bytesPerMb,
        targets: [{ of: 'value', atMost: mostBundleMb }],
      }),
      ...(['x86_64', 'arm64'] as const).map((architecture) =>
        countedFigure({
          question: `layer with ONNX Runtime ${versions['onnxruntime-node']}, unpacked, ${architecture}`,
          unit: 'MB',
          value: architectures[architecture].sizeBytes / bytesPerMb,
          targets: [{ of: 'value', atMost: mostLayerMb[architecture] }],
        }),
      ),
    ],
    ['Megabytes of 1,000,000 bytes. `npm run check` refuses what is beyond these bounds.'],
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
