import type { Cell } from '../dataset/codec.ts'
import { type Profile, profileTable, type Table } from '../dataset/profile.ts'
import type { RunRequest } from './request.ts'

/** profile.json: what the table holds, and the target's distinct cells, from which the task follows. */
export type RunProfile = { readonly profile: Profile; readonly targetCells: readonly Cell[] }

/** A target with more labels than this is no class. */
export const mostClasses = 1000

/** Reads kinds and formats of all columns once. Throws as profileTable. */
export const inspectTable = (table: Table, { columns, target }: RunRequest): RunProfile => ({
  profile: profileTable(table, columns),
  targetCells: distinctCells(table.columns[table.names.indexOf(target)] ?? [], mostClasses + 1),
})

/** The first distinct cells, 1 and "1" apart. */
const distinctCells = (cells: readonly Cell[], most: number): readonly Cell[] => {
  const seen = new Set<Cell>()
  for (const cell of cells) {
    if (cell !== null && cell !== undefined) seen.add(cell)
    if (seen.size === most) break
  }
  return [...seen]
}
