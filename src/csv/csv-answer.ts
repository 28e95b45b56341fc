import type { Encoded } from '../call/encoded.ts'
import type { CsvTable } from './csv-table.ts'

/** What the answer adds: one text a row. */
export type TextColumn = { readonly name: string; readonly cells: readonly string[] }

/** What the answer's lines begin with, the header's first. */
export type Echo = Pick<CsvTable, 'names' | 'lines' | 'delimiter' | 'lineBreak' | 'prefix' | 'closed'>

/** RFC 4180: quoted where the text would be read as something else. */
export const csvCell = (text: string, delimiter: string): string =>
  text.includes(delimiter) || /["\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

/** `name`, or `name_1`, `name_2`... when the input has such a column. */
const freeName = (wanted: string, taken: Set<string>): string => {
  let name = wanted
  for (let k = 1; taken.has(name); k++) name = `${wanted}_${k}`
  taken.add(name)
  return name
}

/** The input's lines with columns appended. */
export const encodeCsv = (echo: Echo, columns: readonly TextColumn[]): Encoded => {
  const { delimiter, lineBreak, prefix, closed } = echo
  const taken = new Set(echo.names)
  const headers = columns.map(({ name }) => freeName(name, taken))
  const added = (row: number): readonly string[] =>
    row === 0 ? headers : columns.map(({ cells }) => cells[row - 1] ?? '')
  const lines = echo.lines.map((line, row) =>
    [line, ...added(row).map((cell) => csvCell(cell, delimiter))].join(delimiter),
  )
  return {
    body: prefix + lines.join(lineBreak) + (closed ? lineBreak : ''),
    headers: { 'content-type': 'text/csv; charset=utf-8' },
  }
}
