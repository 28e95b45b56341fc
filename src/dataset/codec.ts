/** A raw cell of a caller's row or of a file: JSON's scalars; null and undefined are missing. */
export type Cell = string | number | boolean | null | undefined

/** An instance: an object by column name, or an array in the codec's column order. */
export type Row = Readonly<Record<string, Cell>> | readonly Cell[]
