import { expect, test } from 'vitest'
import { csvHeader } from '../../../src/dataset/csv-header.ts'

test.for([
  ['plain', 'a,b\n1,2', ['a', 'b']],
  ['quoted behind blanks', ' "a,b" ;"c"\n1;2', ['a,b', 'c']],
  ['a quote inside a name', 'a"b,"c""d"\n1,2', ['a"b', 'c"d']],
  ['a quoted blank before more quotes', '" ""x",b\n1,2', ['"x', 'b']],
] as const)('a header, %s -> its names', ([, head, names]) => {
  expect(csvHeader(head).names).toEqual(names)
})

// At one look over the whole name for each quote, this took ten minutes.
test('a name of a million quotes -> read in one pass', () => {
  expect(csvHeader(`x${'"'.repeat(1_000_000)}\n1`).names).toHaveLength(1)
})
