import type { Tokens } from '../dataset/text-cell.ts'
import type { Matrix, SparseMatrix } from '../estimators/estimator.ts'
import type { Graph } from '../onnx/graph.ts'
import { largestPlaces, termScores } from './best-terms.ts'
import type { RawColumns } from './raw-columns.ts'
import { selectTerms, type Terms } from './terms.ts'
import { type TermValues, termVectors } from './text.ts'
import type { Columns } from './transformer.ts'

/** The terms of one text column. */
export type TextColumn = { readonly name: string } & Terms

/** Terms of a sparse block, over all text columns; each is one number of a served row. */
const mostSparseTerms = 20_000
/** Terms of estimators that take dense columns only. */
const mostDenseTerms = 256

/** Rows that a term must be in, of at least 300; fewer in a smaller table. */
const leastRowsOfTerm = 3
const leastShareOfRows = 0.01

/** Terms of each column; `targets`: only the best ones of all columns by what they say about these. */
export const fitTexts = (
  columns: readonly { readonly name: string; readonly tokens: Tokens }[],
  raw: RawColumns,
  targets: Columns | undefined,
): readonly TextColumn[] => {
  const leastRows = Math.max(1, Math.min(leastRowsOfTerm, Math.floor(leastShareOfRows * raw.rows)))
  const most = Math.floor(mostSparseTerms / Math.max(1, columns.length))
  const fitted = columns.map(({ name, tokens }): TextColumn => {
    const vectors = termVectors('counts', { tokens, leastRows, most })
    return { name, ...vectors.fit(raw.texts(name)) }
  })
  return (targets === undefined ? fitted : best(fitted, raw, targets)).filter(({ terms }) => terms.length > 0)
}

const best = (columns: readonly TextColumn[], raw: RawColumns, targets: Columns): readonly TextColumn[] => {
  const scores = columns.map((column) => termScores(vectorsOf(column, 'counts', raw), targets))
  const places = largestPlaces(Float64Array.from(scores.flatMap((own) => Array.from(own))), mostDenseTerms)
  let first = 0
  return columns.map((column) => {
    const end = first + column.terms.length
    const own = places.filter((place) => place >= first && place < end).map((place) => place - first)
    first = end
    return { name: column.name, ...selectTerms(column, own) }
  })
}

const vectorsOf = (column: TextColumn, values: TermValues, raw: RawColumns): SparseMatrix =>
  // Options are fit's.
  termVectors(values, { tokens: column.tokens, leastRows: 1, most: 0 }).apply(column, raw.texts(column.name))

/** All columns' terms side by side, sparse. */
export const sparseTexts = (columns: readonly TextColumn[], values: TermValues, raw: RawColumns): SparseMatrix => {
  const blocks = columns.map((column) => vectorsOf(column, values, raw))
  const size = blocks.reduce((sum, block) => sum + block.values.length, 0)
  const starts = new Uint32Array(raw.rows + 1)
  const places = new Uint32Array(size)
  const joined = new Float64Array(size)
  let at = 0
  for (let row = 0; row < raw.rows; row++) {
    let first = 0
    for (const block of blocks) {
      for (let from = block.starts[row]!; from < block.starts[row + 1]!; from++, at++) {
        places[at] = first + block.places[from]!
        joined[at] = block.values[from]!
      }
      first += block.columns
    }
    starts[row + 1] = at
  }
  return {
    rows: raw.rows,
    columns: blocks.reduce((sum, block) => sum + block.columns, 0),
    starts,
    places,
    values: joined,
  }
}

/** The same into a dense matrix, from column `first` on. */
export const denseTexts = (
  columns: readonly TextColumn[],
  values: TermValues,
  raw: RawColumns,
  into: Matrix,
  first: number,
): void => {
  const { rows, starts, places, values: terms } = sparseTexts(columns, values, raw)
  for (let row = 0; row < rows; row++)
    for (let at = starts[row]!; at < starts[row + 1]!; at++)
      into.values[row * into.columns + first + places[at]!] = terms[at]!
}

/** Each column's terms in a graph. */
export const textNodes = (columns: readonly TextColumn[], values: TermValues, graph: Graph): readonly string[] =>
  columns.map((column) =>
    termVectors(values, { tokens: column.tokens, leastRows: 1, most: 0 }).toGraph(column, graph, column.name),
  )

/** A term as a reader knows it: characters without the blanks between them. */
export const shownTerm = (tokens: Tokens, term: string): string =>
  tokens === 'words' ? term : term.split(' ').join('')
