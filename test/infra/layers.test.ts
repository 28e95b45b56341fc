import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { buildLayer, collect, differences, layers, readManifest } from '../../layers/build.ts'
import { duckdb } from '../../layers/duckdb/allow-list.ts'
import { nodeArch } from '../../layers/layer.ts'
import { onnxruntime } from '../../layers/onnxruntime/allow-list.ts'

const folder = mkdtempSync(join(tmpdir(), 'percall-layers-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** DuckDB's binding of the other processor is not installed here; its manifest is checked when the layer is built for AWS. */
const installed = (name: string): boolean => existsSync(join(import.meta.dirname, '../../node_modules', name))
const here = layers.flatMap((layer) =>
  (['x86_64', 'arm64'] as const)
    .filter((architecture) => layer.packages(nodeArch(architecture)).every(({ name }) => installed(name)))
    .map((architecture) => ({ layer, name: layer.name, architecture })),
)

test.for(here)(
  '$name $architecture as installed -> the committed manifest, byte for byte',
  ({ layer, architecture }) => {
    const manifest = readManifest(layer)
    const found = collect(layer, architecture, manifest.versions)
    expect(differences(manifest.architectures[architecture].files, found)).toBeUndefined()
  },
)

test.for([
  { fault: 'a changed file', change: { sha256: 'f'.repeat(64) }, message: /expected sha256 f+, got [0-9a-f]{64}/ },
  {
    fault: 'a missing file',
    change: { path: 'nodejs/node_modules/gone.js' },
    message: /gone\.js: expected \d+ bytes, got no such file/,
  },
])('$fault -> named', ({ change, message }) => {
  const manifest = readManifest(onnxruntime)
  const [first, ...rest] = manifest.architectures.x86_64.files
  const expected = [{ ...first!, ...change }, ...rest]
  expect(differences(expected, collect(onnxruntime, 'x86_64', manifest.versions))).toMatch(message)
})

test('the manifest names the versions that the lockfile installs', () => {
  for (const layer of layers) {
    for (const [name, version] of Object.entries(readManifest(layer).versions)) {
      const listed = JSON.parse(
        execFileSync('node', ['-p', `JSON.stringify(require('./package-lock.json').packages)`], { encoding: 'utf8' }),
      )
      expect(`${name}@${listed[`node_modules/${name}`]?.version ?? version}`).toBe(`${name}@${version}`)
    }
  }
})

// Lambda has nothing but the layer: what the allow-list forgot fails here.
test.runIf(process.platform === 'linux').for([
  { layer: onnxruntime, script: `require('onnxruntime-node').InferenceSession` },
  { layer: duckdb, script: `require('@duckdb/node-api').DuckDBInstance` },
])('the built layer alone -> $layer.name loads', ({ layer, script }) => {
  const architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64'
  const built = buildLayer(layer, architecture, 'full', join(folder, layer.name))
  writeFileSync(join(folder, 'load.cjs'), `console.log(typeof ${script})`)
  const env = { NODE_PATH: join(built, 'nodejs', 'node_modules') }
  expect(execFileSync(process.execPath, [join(folder, 'load.cjs')], { env, encoding: 'utf8' }).trim()).toBe('function')
})
