import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeColumn } from '../../../src/dataset/codec.ts'
import type { SparseMatrix } from '../../../src/estimators/estimator.ts'
import { largestPlaces, termScores } from '../../../src/transformers/best-terms.ts'
import { termVectors } from '../../../src/transformers/text.ts'
import { figures, served, textTensor } from '../../fixtures/transformers.ts'

const dense = ({ rows, columns, starts, places, values }: SparseMatrix): Float64Array => {
  const matrix = new Float64Array(rows * columns)
  for (let row = 0; row < rows; row++)
    for (let at = starts[row]!; at < starts[row + 1]!; at++) matrix[row * columns + places[at]!] = values[at]!
  return matrix
}

const read = (texts: readonly string[], tokens: 'words' | 'characters'): readonly string[] =>
  encodeColumn({ kind: 'text', name: 'x', missing: [], datatype: 'BYTES', tokens }, texts) as string[] // BYTES

test.for(['words', 'characters'] as const)(
  'TF-IDF of %s -> TfidfVectorizer to 12 digits; the graph agrees',
  async (tokens) => {
    const { texts, terms, idf, rows } = figures[tokens]
    const column = read(texts, tokens)
    const vectors = termVectors('tf-idf', { tokens, leastRows: 3, most: 20_000 })
    const fitted = vectors.fit(column)
    const shown = fitted.terms.map((term) => (tokens === 'words' ? term : term.replaceAll(' ', '')))
    expect(shown.toSorted()).toEqual(terms.toSorted())
    const idfs = new Map(terms.map((term: string, place: number) => [term, idf[place]]))
    shown.forEach((term, place) => {
      expect(fitted.idf[place]).toBeCloseTo(idfs.get(term) as number, 12)
    })
    const { starts, places, values } = vectors.apply(fitted, column)
    rows.forEach((row: Readonly<Record<string, number>>, i: number) => {
      const own = new Map<string, number>()
      for (let at = starts[i]!; at < starts[i + 1]!; at++) own.set(shown[places[at]!]!, values[at]!)
      expect([...own.keys()].toSorted()).toEqual(Object.keys(row).toSorted())
      for (const [term, weight] of Object.entries(row)) expect(own.get(term)).toBeCloseTo(weight, 12)
    })
    const graph = await served(textTensor(column), (into, x) => vectors.toGraph(fitted, into, x))
    dense({ rows: column.length, columns: shown.length, starts, places, values }).forEach((value, at) => {
      expect(Math.abs(Number(graph[at]) - value)).toBeLessThan(1e-15)
    })
  },
)

/** Any UTF-16 units, halves of pairs among them, beside words that come again. */
const anyText = fc.oneof(
  fc
    .array(fc.constantFrom('ab', 'Ab', 'c', 'Ünï', '🙂', '東京', 'a\u0301b', '\u2003', '-', 'ß', 'İ'), {
      maxLength: 12,
    })
    .map((words) => words.join(' ')),
  fc.array(fc.nat(0xffff), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constant(''),
)

test.for(['words', 'characters'] as const)('counts of %s of any texts -> the graph has the bits', async (tokens) => {
  const vectors = termVectors('counts', { tokens, leastRows: 1, most: 300 })
  const property = fc.asyncProperty(
    fc.array(anyText, { minLength: 1, maxLength: 20 }),
    fc.array(anyText, { minLength: 1, maxLength: 20 }),
    async (learned, asked) => {
      const fitted = vectors.fit(read([...learned, 'ab c ab'], tokens))
      const column = read([...learned, ...asked], tokens)
      const own = vectors.apply(JSON.parse(JSON.stringify(fitted)), column)
      const graph = await served(textTensor(column), (into, x) => vectors.toGraph(fitted, into, x), 'FP32')
      expect(graph).toStrictEqual(Float32Array.from(dense(own)))
    },
  )
  await fc.assert(property, { numRuns: 60 })
})

test('no text at all, and texts without a known term -> zeros, in the graph too', async () => {
  const vectors = termVectors('tf-idf', { tokens: 'words', leastRows: 1, most: 10 })
  const fitted = vectors.fit(['a b', 'b'])
  for (const column of [['', ''], ['zz', ''], ['zz']]) {
    expect(vectors.apply(fitted, column).values).toHaveLength(0)
    const zeros = new Float64Array(column.length * 3)
    expect(await served(textTensor(column), (graph, x) => vectors.toGraph(fitted, graph, x))).toStrictEqual(zeros)
  }
})

test('a text of a million words sent as a tensor -> the graph holds a bounded number of its tokens', async () => {
  const vectors = termVectors('counts', { tokens: 'words', leastRows: 1, most: 10 })
  const fitted = vectors.fit(['a b'])
  const counts = await served(
    textTensor([`a${' b'.repeat(1e6)}`, 'a']),
    (graph, x) => vectors.toGraph(fitted, graph, x),
    'FP32',
  )
  expect([...(counts as Float32Array)]).toEqual([1, 999, 1, 1, 0, 0])
})

test('the best terms -> those that tell the classes apart, by chi-square of a table of two', () => {
  const texts = ['good a', 'good b', 'good a', 'bad a', 'bad b', 'bad a c']
  const vectors = termVectors('counts', { tokens: 'words', leastRows: 1, most: 100 })
  const fitted = vectors.fit(texts)
  const target = Float64Array.of(1, 1, 1, 0, 0, 0)
  const scores = termScores(vectors.apply(fitted, texts), [target])
  const at = (term: string): number => scores[fitted.terms.indexOf(term)]!
  // n (ad - bc)^2 / (row and column sums): 6 x 9^2 / (3 x 3 x 3 x 3), and for c 6 x 3^2 / (3 x 3 x 1 x 5).
  expect(at('good')).toBeCloseTo(6, 12)
  expect(at('bad')).toBeCloseTo(6, 12)
  expect(at('c')).toBeCloseTo(1.2, 12)
  expect(at('b')).toBeCloseTo(0, 12)
  expect(largestPlaces(scores, 2).map((place) => fitted.terms[place])).toEqual(['bad', 'good'])
})
