/** Lambda's names of its processors. */
export const architectures = ['x86_64', 'arm64'] as const
export type Architecture = (typeof architectures)[number]

/** Node's name of the same processor, as packages use it. */
export const nodeArch = (architecture: Architecture): 'x64' | 'arm64' => (architecture === 'x86_64' ? 'x64' : 'arm64')

/** One package of a layer: only the files that match are taken. `{arch}` stands for Node's name of the processor. */
export type LayerPackage = { readonly name: string; readonly files: readonly RegExp[] }

/** An allow-list: what is not named is not in the layer. */
export type Layer = {
  readonly name: string
  readonly packages: (arch: 'x64' | 'arm64') => readonly LayerPackage[]
  /** What the local runtime links from node_modules; `{platform}` and `{arch}` stand for the laptop's own. */
  readonly local: readonly string[]
}

export type LayerFile = { readonly path: string; readonly sizeBytes: number; readonly sha256: string }

export type LayerManifest = {
  readonly packages: readonly string[]
  readonly versions: Readonly<Record<string, string>>
  readonly architectures: Readonly<
    Record<Architecture, { readonly sizeBytes: number; readonly files: readonly LayerFile[] }>
  >
}
