/**
 * Builds a layer from its allow-list, and checks each file against the committed manifest.
 * `node layers/build.ts` writes the manifests anew (after an update of a package); sizes and hashes are then to be reviewed.
 */
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { duckdb } from './duckdb/allow-list.ts'
import { type Architecture, architectures, type Layer, type LayerFile, type LayerManifest, nodeArch } from './layer.ts'
import { onnxruntime } from './onnxruntime/allow-list.ts'
import { packageFolder, versionOf } from './sources.ts'

export const layers: readonly Layer[] = [onnxruntime, duckdb]

/** `full` for AWS; `manifest` for the local runtime, which links the packages of the laptop instead. */
export type LayerContent = 'full' | 'manifest'

export const readManifest = ({ name }: Layer): LayerManifest =>
  JSON.parse(readFileSync(manifestFile(name), 'utf8')) as LayerManifest

/** What a layer's asset hash is made of: the manifest names every byte, so both contents have the same hash. */
export const layerHash = (layer: Layer, architecture: Architecture): string =>
  createHash('sha256')
    .update(architecture)
    .update(readFileSync(manifestFile(layer.name)))
    .digest('hex')

/** Writes one layer into `folder`. Throws when a file differs from the manifest in size or hash. */
export const buildLayer = (layer: Layer, architecture: Architecture, content: LayerContent, folder: string): string => {
  const manifest = readManifest(layer)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const { packages, versions } = manifest
  const files = manifest.architectures[architecture]
  writeFileSync(
    join(folder, 'manifest.json'),
    `${JSON.stringify({ packages, versions, architecture, ...files }, null, 2)}\n`,
  )
  if (content === 'manifest') return folder
  const found = collect(layer, architecture, versions)
  const differing = differences(files.files, found)
  if (differing)
    throw new Error(`layer ${layer.name} ${architecture}: ${differing}; node layers/build.ts renews the manifest`)
  for (const { source, path } of found) {
    const target = join(folder, path)
    mkdirSync(dirname(target), { recursive: true })
    cpSync(source, target)
  }
  return folder
}

/** The first difference between what the manifest says and what lies here, in words; undefined where there is none. */
export const differences = (expected: readonly LayerFile[], found: readonly LayerFile[]): string | undefined => {
  const byPath = new Map(found.map((file) => [file.path, file]))
  for (const { path, sizeBytes, sha256 } of expected) {
    const file = byPath.get(path)
    if (!file) return `${path}: expected ${sizeBytes} bytes, got no such file`
    if (file.sha256 !== sha256) return `${path}: expected sha256 ${sha256}, got ${file.sha256}`
    byPath.delete(path)
  }
  const [extra] = byPath.keys()
  return extra && `${extra}: not in the manifest`
}

type FoundFile = LayerFile & { readonly source: string }

/** All files of a layer as they lie on this machine. */
export const collect = (
  layer: Layer,
  architecture: Architecture,
  versions: Readonly<Record<string, string>>,
): readonly FoundFile[] =>
  layer.packages(nodeArch(architecture)).flatMap(({ name, files }) => {
    const folder = packageFolder(name, versions[name])
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(folder.length + 1)
          .split(sep)
          .join('/'),
      )
      .filter((path) => files.some((pattern) => pattern.test(path)))
      .sort()
      .map((path) => ({ ...measure(join(folder, path)), path: `nodejs/node_modules/${name}/${path}` }))
  })

const measure = (source: string): Omit<FoundFile, 'path'> => {
  const bytes = readFileSync(source)
  return { source, sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}

const manifestFile = (name: string): string => join(import.meta.dirname, name, 'manifest.json')

const describe = (layer: Layer): LayerManifest => {
  const measured = (architecture: Architecture) => {
    const files = collect(layer, architecture, {}).map(({ path, sizeBytes, sha256 }) => ({ path, sizeBytes, sha256 }))
    return { sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0), files }
  }
  const names = new Set(architectures.flatMap((one) => layer.packages(nodeArch(one)).map(({ name }) => name)))
  const versions = Object.fromEntries([...names].map((name) => [name, versionOf(packageFolder(name, undefined))]))
  return {
    packages: layer.local,
    versions,
    architectures: { x86_64: measured('x86_64'), arm64: measured('arm64') },
  }
}

if (import.meta.main) {
  for (const layer of layers) writeFileSync(manifestFile(layer.name), `${JSON.stringify(describe(layer), null, 2)}\n`)
}
