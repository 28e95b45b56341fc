import type { Split } from '../dataset/split.ts'
import { isTabular, type Manifest, type TabularManifest } from '../registry/manifest.ts'

/** By what a run chose its test rows, as its version's manifest keeps it: a later run holds the same ones out. */
export type HeldOut = NonNullable<TabularManifest['heldOut']>

/** Of a version's manifest; undefined where it does not say, as one that was pushed or that was split by time. */
export const heldOutOf = (manifest: Manifest | undefined): HeldOut | undefined =>
  manifest && isTabular(manifest) ? manifest.heldOut : undefined

/** What a split by content looks at: the columns that the live version's looked at where all are there, else all of `names`. */
export const contentColumns = (names: readonly string[], earlier: HeldOut | undefined): readonly string[] => {
  const before = earlier && 'columns' in earlier ? earlier.columns : undefined
  return before?.every((name) => names.includes(name)) ? before : names
}

/** For the manifest of what the split makes; undefined for one by time, whose rows have their times instead. */
export const heldOutBy = ({ method, key, group, columns }: Split): HeldOut | undefined => {
  if (method === 'none') return { none: true }
  const column = group ?? key
  if (column !== undefined) return { key: column }
  return method === 'time' || columns === undefined ? undefined : { columns }
}

/** Why the test rows of `split` may be among those that the version has learned from; undefined where they are not. */
export const mayHaveSeen = (version: string, earlier: HeldOut | undefined, split: Split): string | undefined => {
  const own = heldOutBy(split)
  if (earlier === undefined || own === undefined || 'none' in own) return undefined
  if ('none' in earlier) return `${version} has learned from all its rows (split none), so from test rows too`
  const learned = `${version} may have learned from these test rows: its own were chosen by`
  if ('key' in earlier)
    return 'key' in own && own.key === earlier.key
      ? undefined
      : `${learned} the column ${earlier.key}; split by it again`
  if ('key' in own) return `${learned} the content of rows, not by ${own.key}`
  const gone = earlier.columns.filter((name) => !own.columns.includes(name))
  if (gone.length === 0) return undefined
  return `${learned} columns of which ${gone.slice(0, 3).join(', ')} ${gone.length === 1 ? 'is' : 'are'} not in this file; add ${gone.length === 1 ? 'it' : 'them'}`
}
