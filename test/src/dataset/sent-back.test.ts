import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { csvColumns } from '../../../src/csv/csv-instances.ts'
import { readCsvTable } from '../../../src/csv/csv-table.ts'
import { columnsToTensors, rowsToTensors } from '../../../src/dataset/codec.ts'
import { decideCodec, profileTable } from '../../../src/dataset/profile.ts'
import { byName } from '../../fixtures/learning.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const readCsv = (path: string) => readFileSync(join(root, path), 'utf8')

/** A table of scikit-learn's as a CSV file. */
const shipped = (name: string): string => {
  const path = join(root, 'test', 'fixtures', 'peers', 'tables', `${name}.json`)
  const { columns, values, y } = JSON.parse(readFileSync(path, 'utf8'))
  const names = [...Array.from({ length: columns }, (_, j) => `x${j}`), 'y']
  const rows = y.map((own: number, i: number) => [...values.slice(i * columns, (i + 1) * columns), own].join(','))
  return [names.join(','), ...rows].join('\n')
}

test.for<[string, string, () => string]>([
  ['cars', 'Miles_per_Gallon', () => readCsv('examples/cars/cars.train.csv')],
  ['penguins', 'species', () => readCsv('examples/multiclass/penguins.train.csv')],
  ['loans', 'Class', () => readCsv('examples/binary/loans.train.csv')],
  ['addresses', 'era', () => readCsv('examples/text/addresses.train.csv')],
  ['weather', 'weather', () => readCsv('examples/time/weather.csv')],
  ...['diabetes', 'breast_cancer', 'iris', 'wine', 'digits'].map(
    (name) => [name, 'y', () => shipped(name)] as [string, string, () => string],
  ),
])('every training row of %s sent back as CSV and as JSON -> bit-equal tensors', ([, target, read]) => {
  const text = read()
  const [names, ...rows]: string[][] = parse(text)
  const table = { names: names!, columns: names!.map((_, place) => rows.map((row) => row[place])) }
  const codec = decideCodec(profileTable(table), target)
  const trained = columnsToTensors(codec, byName(table))
  const inputs = codec.columns.map(({ name }) => name)
  expect(columnsToTensors(codec, csvColumns(readCsvTable(text), inputs, 'ignore'))).toStrictEqual(trained)
  const kinds = new Map(codec.columns.map(({ name, kind }) => [name, kind]))
  const cellOf = (name: string, cell: string | undefined): unknown => {
    if (cell === '' || cell === 'NA') return null
    return ['numeric', 'integer'].includes(kinds.get(name)!) ? Number(cell) : cell
  }
  const sent = rows.map((row) => Object.fromEntries(names!.map((name, place) => [name, cellOf(name, row[place])])))
  expect(rowsToTensors(codec, JSON.parse(JSON.stringify(sent)), { unknown: 'ignore' })).toStrictEqual(trained)
})
