import type { ColumnCodec } from '../src/dataset/column-codec.ts'
import { inferColumn } from '../src/dataset/infer.ts'
import { labelReader } from '../src/dataset/label.ts'
import type { CsvRow, CsvTable } from './csv.ts'
import { Failure, wrongUsage } from './failure.ts'

/** Rows of a file that have a true answer, it as a text in the model's spelling, and each row's number in the file. */
export type Truth = {
  readonly target: string
  readonly answers: readonly string[]
  readonly rows: readonly CsvRow[]
  readonly rowNumbers: readonly number[]
}

type ReadAnswer = (cell: string) => string | undefined

/** As training read it; undefined where it is missing. What the codec cannot read stays as it is written. */
const reading = (codec: ColumnCodec): ReadAnswer => {
  const read = labelReader(codec)
  return (cell) => {
    const label = read(cell)
    return typeof label === 'object' ? cell : label === undefined ? undefined : String(label)
  }
}

/** Some of the rows, by their places. */
export const truthAt = ({ target, answers, rows, rowNumbers }: Truth, places: readonly number[]): Truth => ({
  target,
  answers: places.map((place) => answers[place]!),
  rows: places.map((place) => rows[place]!),
  rowNumbers: places.map((place) => rowNumbers[place]!),
})

/** The rows of a file that have a true answer; without a codec its text is the answer. Throws USAGE where none has. */
export const truthOf = (file: string, rows: readonly CsvRow[], target: string, codec?: ColumnCodec): Truth => {
  const read: ReadAnswer = codec ? reading(codec) : (cell) => cell
  const found = rows.flatMap((row, at) => {
    const cell = row[target]
    const answer = cell === null || cell === undefined ? undefined : read(cell)
    return answer === undefined ? [] : [{ answer, row, number: at + 1 }]
  })
  if (found.length === 0)
    throw wrongUsage(
      `${file}: expected rows with ${target}, got ${rows.length} rows without it`,
      'name the column of the true answers with --target',
    )
  return {
    target,
    answers: found.map(({ answer }) => answer),
    rows: found.map(({ row }) => row),
    rowNumbers: found.map(({ number }) => number),
  }
}

/** Reads the numbers of a target of which no codec is known as training would read them in this file. */
export const numberCodec = (target: string, { rows, delimiter }: CsvTable): ColumnCodec | undefined => {
  const cells = rows.map((row) => row[target])
  const place = (row: number): string => `row ${row + 1}`
  return inferColumn(target, cells, { kind: 'numeric', isTarget: true }, { delimiter, place })?.codec
}

/** The same answers as numbers, where a codec was known of none of them. */
export const asNumbers = (truth: Truth, table: CsvTable): Truth => {
  const codec = numberCodec(truth.target, table)
  const read = codec && reading(codec)
  return read ? { ...truth, answers: truth.answers.map((text) => read(text) ?? text) } : truth
}

/** Labels that no class has, and how many rows have each. */
export type UnknownLabels = Readonly<Record<string, number>>

export type KnownLabels = {
  /** Places of rows whose label is a class. */
  readonly places: readonly number[]
  readonly unknown: UnknownLabels
}

/** Which rows have a label that is a class. Throws BAD_CELL where none has. */
export const knownLabels = ({ answers, target }: Truth, classes: readonly string[], file: string): KnownLabels => {
  const known = new Set(classes)
  const counts = new Map<string, number>()
  const places = answers.flatMap((answer, place) => {
    if (known.has(answer)) return [place]
    counts.set(answer, (counts.get(answer) ?? 0) + 1)
    return []
  })
  const unknown = Object.fromEntries([...counts].sort(([, a], [, b]) => b - a))
  if (places.length > 0) return { places, unknown }
  throw new Failure(
    'BAD_CELL',
    `${file}, column ${target}: expected ${listed(classes)}, got ${listed(Object.keys(unknown))} only`,
    'a class that the model was not trained on cannot be judged: is it the right column, and the right model?',
  )
}

const mostListed = 10

const listed = (labels: readonly string[]): string =>
  `${labels.slice(0, mostListed).join(', ')}${labels.length > mostListed ? ', ...' : ''}`

/** What is said of rows that are left out for their labels; undefined where there are none. */
export const unknownLabelsText = (unknown: UnknownLabels, { target, rows }: Truth): string | undefined => {
  const labels = Object.entries(unknown)
  if (labels.length === 0) return undefined
  const sum = labels.reduce((all, [, count]) => all + count, 0)
  const names = listed(labels.map(([label, count]) => `${label} (${count})`))
  return `${sum} of ${rows.length} rows have a ${target} that is no class of the model, and are left out: ${names}`
}
