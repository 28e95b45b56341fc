import { type Column, distinctCells } from './column.ts'

/** A distinct text of a column, trimmed and in NFC, with how often it occurs and the first row that has it. */
export type CountedText = { readonly text: string; readonly count: number; readonly row: number }

/** The distinct texts of a column's cells, empty ones left out, in the order of their first rows. */
export const countedTexts = (column: Column): readonly CountedText[] => {
  const texts = new Map<string, { text: string; count: number; row: number }>()
  for (const { cell, count, row } of distinctCells(column)) {
    const text = String(cell).trim().normalize('NFC')
    if (text === '') continue
    const known = texts.get(text)
    if (known) known.count += count
    else texts.set(text, { text, count, row })
  }
  return [...texts.values()]
}

/** Those that are no spelling of a missing value. */
export const presentTexts = (texts: readonly CountedText[], missing: readonly string[]): readonly CountedText[] => {
  const spellings = new Set(missing)
  return texts.filter(({ text }) => !spellings.has(text))
}

export const cellCount = (texts: readonly CountedText[]): number => texts.reduce((sum, { count }) => sum + count, 0)
