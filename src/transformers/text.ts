import { mostTokens } from '../dataset/text-cell.ts'
import type { SparseMatrix } from '../estimators/estimator.ts'
import type { Graph } from '../onnx/graph.ts'
import { numbersByLevel } from './level-counts.ts'
import { cast, rowOf } from './nodes.ts'
import { eachTerm, fitTerms, lengthOf, longestTerm, type TermOptions, type Terms } from './terms.ts'
import type { Transformer } from './transformer.ts'

/** `counts` are whole numbers, the same to the last bit in a graph; `tf-idf` is scikit-learn's, each row of length 1. */
export type TermValues = 'counts' | 'tf-idf'

/**
 * Texts as the codec cuts them -> their terms' counts, or TF-IDF: count x idf / the row's length. A row without a known
 * term is all zeros. Sparse in training; in a graph dense, float32 for counts and float64 for TF-IDF.
 */
export const termVectors = (
  value: TermValues,
  options: TermOptions,
): Transformer<readonly string[], Terms, string, SparseMatrix> => ({
  fit: (column) => fitTerms(column, options),
  apply: (fitted, column) => {
    const counts = countTerms(fitted, column)
    return value === 'counts' ? counts : weigh(fitted, counts)
  },
  toGraph: (fitted, graph, source) => {
    const counts = countNodes(fitted, graph, source)
    return value === 'counts' ? counts : weighNodes(fitted, graph, counts)
  },
})

const countTerms = ({ tokens, terms }: Terms, column: readonly string[]): SparseMatrix => {
  const numbers = numbersByLevel(terms)
  const starts = new Uint32Array(column.length + 1)
  const entries = growing()
  column.forEach((text, row) => {
    const counts = new Map<number, number>()
    eachTerm(text, longestTerm[tokens], (term) => {
      const place = numbers.get(term)
      if (place !== undefined) counts.set(place, (counts.get(place) ?? 0) + 1)
    })
    for (const [place, count] of [...counts].sort(([a], [b]) => a - b)) entries.push(place, count)
    starts[row + 1] = entries.size()
  })
  return { rows: column.length, columns: terms.length, starts, ...entries.done() }
}

const firstEntries = 1024

/** Places and values whose number is not known before: typed arrays that double, 12 bytes an entry. */
const growing = () => {
  let places = new Uint32Array(firstEntries)
  let values = new Float64Array(firstEntries)
  let size = 0
  const grown = <Values extends Uint32Array | Float64Array>(from: Values, to: Values): Values => {
    to.set(from)
    return to
  }
  return {
    push: (place: number, value: number): void => {
      if (size === places.length) {
        places = grown(places, new Uint32Array(2 * size))
        values = grown(values, new Float64Array(2 * size))
      }
      places[size] = place
      values[size] = value
      size += 1
    },
    size: (): number => size,
    done: () => ({ places: places.slice(0, size), values: values.slice(0, size) }),
  }
}

const weigh = ({ idf }: Terms, counts: SparseMatrix): SparseMatrix => {
  const { rows, starts, places } = counts
  const values = counts.values.map((count, at) => count * idf[places[at]!]!)
  for (let row = 0; row < rows; row++) {
    const from = starts[row]!
    const to = starts[row + 1]!
    let squares = 0
    for (let at = from; at < to; at++) squares += values[at]! ** 2
    const length = Math.sqrt(squares)
    for (let at = from; at < to; at++) values[at] = values[at]! / length
  }
  return { ...counts, values }
}

/** Text [n, 1] -> counts, float32 [n, terms]. */
const countNodes = ({ tokens, terms }: Terms, graph: Graph, source: string): string => {
  const longest = longestTerm[tokens]
  // A caller of tensors may send any text: the last of so many tokens holds its rest, which is no term.
  const split = { delimiter: { string: ' ' }, maxsplit: { int: mostTokens[tokens] } }
  const parts = graph.node('StringSplit', [source], { attributes: split, unused: 1 })
  // StringSplit adds an axis: [n, 1] -> [n, 1, tokens of the longest row].
  const words = graph.node('Squeeze', [parts, graph.constant('INT64', [1], BigInt64Array.of(1n))])
  const lengths = terms.map(lengthOf)
  const sizes = Array.from({ length: longest }, (_, k) => lengths.filter((length) => length === k + 1).length * (k + 1))
  const attributes = {
    min_gram_length: { int: 1 },
    max_gram_length: { int: longest },
    max_skip_count: { int: 0 },
    mode: { string: 'TF' },
    // Where the terms of each length begin in the pool.
    ngram_counts: { ints: sizes.map((_, k) => sizes.slice(0, k).reduce((sum, size) => sum + size, 0)) },
    ngram_indexes: { ints: terms.map((_, k) => k) },
    pool_strings: { strings: terms.flatMap((term) => term.split(' ')) },
  }
  return graph.node('TfIdfVectorizer', [words], { attributes })
}

const weighNodes = ({ idf }: Terms, graph: Graph, counts: string): string => {
  const weighted = graph.node('Mul', [cast(graph, counts, 'FP64'), rowOf(graph, 'FP64', idf)])
  const axis = graph.constant('INT64', [1], BigInt64Array.of(1n))
  const length = graph.node('Sqrt', [graph.node('ReduceSumSquare', [weighted, axis])])
  const zero = graph.node('Equal', [length, graph.constant('FP64', [1, 1], Float64Array.of(0))])
  const divisor = graph.node('Where', [zero, graph.constant('FP64', [1, 1], Float64Array.of(1)), length])
  return graph.node('Div', [weighted, divisor])
}
