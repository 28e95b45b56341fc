type Cell = string | number | null | undefined

const textOf = (cell: Cell): string => (cell === null || cell === undefined ? '-' : String(cell))

/** Rows as aligned columns under their titles; numbers stand at the right. */
export const table = (titles: readonly string[], rows: readonly (readonly Cell[])[]): string => {
  const widths = titles.map((title, k) => Math.max(title.length, ...rows.map((row) => textOf(row[k]).length)))
  const line = (cells: readonly Cell[]) =>
    cells
      .map((cell, k) =>
        typeof cell === 'number' ? textOf(cell).padStart(widths[k]!) : textOf(cell).padEnd(widths[k]!),
      )
      .join('  ')
      .trimEnd()
  return [titles, ...rows].map(line).join('\n')
}
