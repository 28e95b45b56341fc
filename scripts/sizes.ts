/** Budgets of what is deployed: bytes that a cold start must read. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const bytesPerMegabyte = 1_000_000

/** An unpacked layer may have this many megabytes; onnxruntime 1.30 takes 46 on x86_64 and 24 on arm64. */
const mostLayerMegabytes: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  onnxruntime: { x86_64: 50, arm64: 30 },
}

/** A bundle may have this many megabytes; it is parsed at each cold start. */
const mostBundleMegabytes: Readonly<Record<string, number>> = { predict: 1 }

type Manifest = {
  readonly architectures: Readonly<
    Record<string, { readonly sizeBytes: number; readonly files: readonly { readonly sizeBytes: number }[] }>
  >
}

const inMegabytes = (sizeBytes: number): string => (sizeBytes / bytesPerMegabyte).toFixed(2)

/** Where a layer's manifest exceeds its budget, lacks an architecture, or its files do not add up to its size. */
export const layerFaults = (layer: string, manifest: Manifest): readonly string[] =>
  Object.entries(mostLayerMegabytes[layer] ?? {}).flatMap(([architecture, most]) => {
    const content = manifest.architectures[architecture]
    if (!content) return [`layer ${layer}: expected ${architecture} in its manifest, got none`]
    const sum = content.files.reduce((total, { sizeBytes }) => total + sizeBytes, 0)
    return [
      ...(sum === content.sizeBytes
        ? []
        : [`layer ${layer} ${architecture}: expected ${sum} bytes, its manifest says ${content.sizeBytes}`]),
      ...(sum <= most * bytesPerMegabyte
        ? []
        : [`layer ${layer} ${architecture}: expected at most ${most} MB, got ${inMegabytes(sum)} MB`]),
    ]
  })

/** Where bundles exceed their budgets. `sizes` are bytes by name. */
export const bundleFaults = (sizes: Readonly<Record<string, number>>): readonly string[] =>
  Object.entries(mostBundleMegabytes).flatMap(([name, most]) => {
    const sizeBytes = sizes[name]
    if (sizeBytes === undefined) return [`bundle ${name}: expected one, got none`]
    return sizeBytes <= most * bytesPerMegabyte
      ? []
      : [`bundle ${name}: expected at most ${most} MB, got ${inMegabytes(sizeBytes)} MB`]
  })

/** The manifests of all layers with a budget. */
export const layerSizeFaults = (root: string): readonly string[] =>
  Object.keys(mostLayerMegabytes).flatMap((layer) =>
    // The manifest is written by layers/build.ts and typed there; this guard reads nothing but sizes.
    layerFaults(layer, JSON.parse(readFileSync(join(root, 'layers', layer, 'manifest.json'), 'utf8')) as Manifest),
  )
