import type { Cell, Codec } from '../dataset/codec.ts'
import { type Column, cellReaderOf, columnLength } from '../dataset/column.ts'
import { leakNotice, leaksOf } from '../dataset/leakage.ts'
import { personalDataNotice, personalDataOf } from '../dataset/personal-data.ts'
import { columnNotices, type Profile, profileTable } from '../dataset/profile.ts'
import { countDuplicates, hashRows } from '../dataset/row-hash.ts'
import { rowCount, type Table } from '../dataset/table.ts'
import { PercallError } from '../errors.ts'
import type { HeldOut } from './held-out.ts'
import { imbalanceNotice } from './judge/imbalance.ts'
import type { RunRequest } from './request.ts'
import { encodeTarget, planTarget } from './task.ts'

/** profile.json: what the table holds, and the target's distinct cells, from which the task follows. */
export type RunProfile = {
  readonly profile: Profile
  readonly targetCells: readonly Cell[]
  /** What the owner should know of the data. */
  readonly notices: readonly string[]
  /** By what the live version's test rows were chosen. */
  readonly heldOut?: HeldOut
}

/** A target with more labels than this is no class. */
export const mostClasses = 1000

type Asked = Pick<RunRequest, 'columns' | 'target'> &
  Partial<Pick<RunRequest, 'task'>> & { readonly split?: { readonly method: string } }

/**
 * Reads kinds and formats of all columns once, with the live version's codec where there is one, and looks for copies of
 * rows, personal data, rare classes and columns that give the target away. Throws as profileTable.
 */
export const inspectTable = (table: Table, asked: Asked, earlier?: Codec): RunProfile => {
  const { columns, target } = asked
  const profiled = profileTable(table, columns, { target, earlier })
  const targetColumn = table.columns[table.names.indexOf(target)]
  const targetCells = targetColumn ? someCells(targetColumn, mostClasses + 1) : []
  const copies = countDuplicates(
    hashRows(
      table,
      Uint32Array.from({ length: rowCount(table) }, (_, row) => row),
    ),
  )
  const { profile, notices } = withoutLeaks(table, withPersonalData(table, profiled), asked, targetCells)
  const plural =
    copies === 1 ? 'row is a copy of an earlier one; copies are' : 'rows are copies of earlier ones; copies are'
  return {
    profile: { ...profile, duplicates: copies },
    targetCells,
    notices: [
      ...columnNotices(profile, target),
      ...notices,
      ...(copies > 0 ? [`${copies} ${plural} on one side of the split`] : []),
    ],
  }
}

/** The first distinct cells, 1 and "1" apart. */
const someCells = (column: Column, most: number): readonly Cell[] => {
  const seen = new Set<Cell>()
  const cell = cellReaderOf(column)
  const length = columnLength(column)
  for (let row = 0; row < length && seen.size < most; row++) {
    const value = cell(row)
    if (value !== null && value !== undefined) seen.add(value)
  }
  return [...seen]
}

const withPersonalData = (table: Table, profile: Profile): Profile => ({
  ...profile,
  columns: profile.columns.map((column, place) => {
    const personal = personalDataOf(column.name, table.columns[place]!)
    return personal === undefined ? column : { ...column, personal }
  }),
})

/** Of columns that a model would learn from: what is left out needs no advice to leave it out. */
const personalNotices = (columns: Profile['columns']): readonly string[] =>
  columns.flatMap(({ name, personal, leftOut }) =>
    personal === undefined || leftOut !== undefined ? [] : [personalDataNotice(name, personal)],
  )

type Judged = { readonly profile: Profile; readonly notices: readonly string[] }

/** Leaks are left out, but for one whose kind was given, and where nothing else would be left to learn from. */
const withoutLeaks = (table: Table, profile: Profile, asked: Asked, targetCells: readonly Cell[]): Judged => {
  const read = readTarget(table, profile, asked, targetCells)
  if (read === undefined) return { profile, notices: personalNotices(profile.columns) }
  const { rows, y, classes } = read
  const leaks = leaksOf(table, profile, rows, { y, classes: classes?.length ?? null }, asked.target)
  const inputs = profile.columns.filter(({ name, leftOut }) => name !== asked.target && leftOut === undefined)
  // Yesterday's target is known in time, and may well be nearly today's.
  const mayLeave = leaks.length < inputs.length && asked.split?.method !== 'time'
  const isLeftOut = (name: string): boolean =>
    mayLeave && asked.columns[name]?.kind === undefined && leaks.some((leak) => leak.name === name)
  const columns = profile.columns.map((column) =>
    isLeftOut(column.name) ? { ...column, leftOut: 'leak' as const } : column,
  )
  const named = leaks.map((leak) => {
    const kind = inputs.find(({ name }) => name === leak.name)?.kind ?? 'category'
    return leakNotice(leak, asked.target, kind, isLeftOut(leak.name))
  })
  return {
    profile: { ...profile, columns },
    notices: [...personalNotices(columns), ...named, ...imbalanceNotice(asked.target, classes, y)],
  }
}

/** The target as the plan would read it; what is wrong with it is the plan's to say. */
const readTarget = (table: Table, { columns, rows }: Profile, { target, task }: Asked, cells: readonly Cell[]) => {
  const found = columns.find(({ name }) => name === target)
  const column = table.columns[table.names.indexOf(target)]
  if (found === undefined || column === undefined) return undefined
  try {
    const plan = planTarget(found, cells, { rows: rows - found.missing, ...(task && { task }) })
    return { ...encodeTarget(found, plan, column), classes: plan.classes }
  } catch (thrown) {
    if (thrown instanceof PercallError) return undefined
    throw thrown
  }
}
