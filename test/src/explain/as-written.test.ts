import { expect, test } from 'vitest'
import type { Rows } from '../../../src/call/instances.ts'
import { readCsvTable } from '../../../src/csv/csv-table.ts'
import type { ColumnCodec } from '../../../src/dataset/column-codec.ts'
import { asWritten } from '../../../src/explain/as-written.ts'

const columns: readonly ColumnCodec[] = [
  { name: 'rate', missing: [], kind: 'numeric', datatype: 'FP32', decimal: ',' },
  { name: 'grade', missing: ['NA'], kind: 'category', datatype: 'BYTES', case: 'lower', numbers: 'canonical' },
  { name: 'note', missing: [], kind: 'text', datatype: 'BYTES', tokens: 'words' },
  { name: 'paid', missing: [], kind: 'boolean', datatype: 'FP32', true: ['yes'], false: ['no'] },
]
const json = (...instances: readonly unknown[]): Rows => ({ kind: 'json', instances })
const csv = (text: string): Rows => ({ kind: 'csv', table: readCsvTable(text) })

test.for([
  ['a number that float32 rounds', json({ rate: 1234567.891 }), 'rate', 1234567.9, 1234567.891],
  ['a number in column order', json([11.47]), 'rate', 11.470000267, 11.47],
  ['a decimal comma', csv('rate;grade\n"11,47";B5\n'), 'rate', 11.470000267, 11.47],
  ['another number than the model has', json({ rate: 12 }), 'rate', 11.47, 11.47],
  ['a level in capitals', json({ grade: ' Red ' }), 'grade', 'red', 'Red'],
  ['a number for a level', json({ grade: 2007 }), 'grade', '2007', '2007'],
  ['a missing level', json({ grade: 'NA' }), 'grade', null, null],
  ['a text', csv('note\n"Free Prize, now"\n'), 'note', 'free prize now', 'Free Prize, now'],
  ['a text of a book', json({ note: 'Word '.repeat(3000) }), 'note', 'word word', 'word word'],
  ['a truth value', json({ paid: 'Yes' }), 'paid', true, true],
  ['a column without a codec', json({ x: 'Y' }), 'x', 'y', 'y'],
  ['a column that an object has from its prototype', json({}), 'note', 'free', 'free'],
] as const)('%s -> as its caller wrote it', ([, rows, column, told, expected]) => {
  expect(asWritten(rows, columns).cell(0, column, told)).toBe(expected)
})

test.for([
  ['a word', 'prize', 'PRIZE'],
  ['two words', 'free prize', 'Free PRIZE'],
  ['a letter whose mark is apart in the text', 'café', 'Café'],
  ['a word of another text', 'nothing', 'nothing'],
] as const)('%s -> spelt as the text has it first', ([, term, expected]) => {
  const { term: spelt } = asWritten(json({ note: 'Free, PRIZE free prize Cafe\u0301' }), columns)
  expect(spelt(0, 'note', term)).toBe(expected)
})
