import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { documentFaults, errorFaults, unusedCodes } from '../../scripts/error-docs.ts'
import { errorTable } from '../../src/errors.ts'
import { root } from './planted.ts'

const markdown = readFileSync(join(root, 'docs', 'errors.md'), 'utf8')

test('docs/errors.md and src/errors.ts -> the same codes, statuses and hints, all of them thrown', () => {
  expect(errorFaults(root)).toEqual([])
})

test('a row taken out of the document -> named', () => {
  const without = markdown.replace(/^\| `BAD_JSON`.*\n/m, '')
  expect(documentFaults(without)).toEqual(['docs/errors.md: no row for BAD_JSON of src/errors.ts'])
})

test('a row of a code that is gone -> named', () => {
  const more = `${markdown}| \`GONE\` | 410 | it is gone | forget it |\n`
  expect(documentFaults(more)).toEqual(['docs/errors.md: row GONE has no code in src/errors.ts'])
})

test.for([
  ['status', { status: 418, hint: errorTable.BAD_JSON.hint }],
  ['hint', { status: 400, hint: 'do something else' }],
] as const)('another %s in the code -> named', ([, row]) => {
  const faults = documentFaults(markdown, { ...errorTable, BAD_JSON: row })
  expect(faults).toEqual([`docs/errors.md: row BAD_JSON: expected ${row.status} and hint: ${row.hint}`])
})

test('a code that nothing throws -> named', () => {
  const table = { BAD_JSON: errorTable.BAD_JSON, NEVER_THROWN: { status: 400, hint: '' } }
  expect(unusedCodes(root, table)).toEqual(['src/errors.ts: nothing throws NEVER_THROWN'])
})
