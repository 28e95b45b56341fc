import { isTabular, type Manifest } from './manifest.ts'

/** What a model's metadata say besides its tensors: columns (a date with its format) and classes, or how texts become vectors. */
export const modelParameters = (manifest: Manifest) => {
  if (!isTabular(manifest)) {
    const { task, dimensions, maxTokens, matryoshka } = manifest
    return { task, dimensions, maxTokens, matryoshka }
  }
  const columns = manifest.codec.columns.map((column) => ({
    name: column.name,
    kind: column.kind,
    ...(column.kind === 'date' && { format: column.format }),
  }))
  return { columns, ...(manifest.classes && { classes: manifest.classes }) }
}
