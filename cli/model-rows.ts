import { ApiError, type Client } from '../client/client.ts'
import type { CsvRow } from './csv.ts'
import { columnsOfModel, type ModelColumns, noteColumns, strangersOf } from './model-columns.ts'
import { type AskWithText, textRows } from './text-rows.ts'

const columnsOf = (rows: readonly CsvRow[]): readonly string[] => Object.keys(rows[0] ?? {})

const without = (rows: readonly CsvRow[], names: readonly string[]): readonly CsvRow[] =>
  names.length === 0
    ? rows
    : rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name))))

/** What a model takes, for a file that it refused; undefined where that cannot be read. */
const orUndefined = async (reading: Promise<ModelColumns>): Promise<ModelColumns | undefined> => {
  try {
    return await reading
  } catch {
    // The refusal itself says more than what went wrong behind it.
    return undefined
  }
}

/**
 * Asks with rows of a file in the form that the model takes, as `textRows`; where the columns that it refuses are those that
 * its training left out, they are left out too. With `unknown` ignore all are, and told before the first call.
 */
export const modelRows = (client: Client, model: string, unknown: 'refuse' | 'ignore'): AskWithText => {
  const ask = textRows(client, model)
  let leftOut: readonly string[] | undefined
  const start = async (rows: readonly CsvRow[], thrown: unknown): Promise<readonly string[]> => {
    const columns = columnsOf(rows)
    const known = await orUndefined(columnsOfModel(client, model, columns))
    if (!known?.leftOut.some((name) => columns.includes(name)) || strangersOf(known, columns).length > 0) throw thrown
    noteColumns(known, columns)
    return known.leftOut
  }
  return async (rows, send) => {
    if (unknown === 'ignore') {
      if (leftOut === undefined) {
        leftOut = []
        const known = await orUndefined(columnsOfModel(client, model, columnsOf(rows)))
        if (known) noteColumns(known, columnsOf(rows))
      }
      return await ask(rows, send)
    }
    try {
      return await ask(without(rows, leftOut ?? []), send)
    } catch (thrown) {
      if (leftOut || !(thrown instanceof ApiError && thrown.code === 'UNKNOWN_COLUMN')) throw thrown
      leftOut = await start(rows, thrown)
      return await ask(without(rows, leftOut), send)
    }
  }
}
