import { type BadRequest, nested } from './bad-calls.ts'

const rows = (instances: unknown, query = '') => ({
  path: `/v1/models/trained:predict${query}`,
  body: JSON.stringify({ instances }),
})
const row = { size: 2, colour: 'red', day: '2026-01-01' }

const csv = (body: string | Uint8Array, type = 'text/csv', query = '') => ({
  path: `/v1/models/trained:predict${query}`,
  body,
  headers: { 'content-type': type },
})

export const badRows: readonly BadRequest[] = [
  ['no instances', rows([]), 400, 'BAD_REQUEST', /body\.instances: expected an array of at least one/],
  ['instances that are none', rows({}), 400, 'BAD_REQUEST', /body\.instances: expected an array/],
  ['a number as a row', rows([5]), 400, 'BAD_REQUEST', /row 0: expected an object by column name or an array, got 5/],
  ['null as a row', rows([row, null]), 400, 'BAD_REQUEST', /row 1: expected an object .*, got null/],
  ['a cell too few', rows([[2, 'red']]), 400, 'BAD_REQUEST', /row 0: expected 3 cells in the order size, colour, day/],
  [
    'an unknown column',
    rows([{ ...row, Colour: 'red' }]),
    400,
    'UNKNOWN_COLUMN',
    /expected size, colour, day, got Colour/,
  ],
  [
    'a column __proto__',
    { path: rows([]).path, body: '{"instances":[{"size":1,"__proto__":{"colour":"red"}}]}' },
    400,
    'UNKNOWN_COLUMN',
    /got __proto__/,
  ],
  ['text for a number', rows([{ ...row, size: 'big' }]), 400, 'BAD_CELL', /row 0, column size: expected .*, got "big"/],
  ['an object as a cell', rows([{ ...row, size: {} }]), 400, 'BAD_CELL', /column size: expected .*, got an object/],
  ['no date', rows([{ ...row, day: '2026-02-30' }]), 400, 'BAD_CELL', /column day: expected .*, got "2026-02-30"/],
  ['NUL in a category', rows([{ ...row, colour: 're\0d' }]), 400, 'BAD_CELL', /column colour: expected .*NUL/],
  ['1e400 as a cell', { path: rows([]).path, body: '{"instances":[{"size":1e400}]}' }, 400, 'BAD_CELL', /column size/],
  [
    'a cell a million deep',
    { path: rows([]).path, body: `{"instances":[{"size":${nested(1e6)}}]}` },
    400,
    'BAD_CELL',
    /column size/,
  ],
  [
    'another word for unknown',
    rows([row], '?unknown=keep'),
    400,
    'BAD_REQUEST',
    /unknown: expected refuse or ignore, got keep/,
  ],
  [
    'a raw instance a million deep',
    { path: '/v1/models/adder:predict', body: `{"instances":${nested(1e6)}}` },
    400,
    'SHAPE_MISMATCH',
    /input x: expected \[-1,1\]/,
  ],
  [
    'a raw instance without its input',
    { path: '/v1/models/echo:predict', body: '{"instances":[{"x":[1,2]}]}' },
    400,
    'MISSING_INPUT',
    /instance 0: expected input n/,
  ],
  ['CSV without a row', csv('size,colour\n'), 400, 'BAD_TABLE', /at least one row/],
  ['CSV without a header', csv('\n1,2\n'), 400, 'BAD_TABLE', /line 1: expected the names of the columns/],
  ['a ragged CSV', csv('size,colour\n1,red\n2'), 400, 'BAD_TABLE', /line 3: expected 2 cells as in the header, got 1/],
  ['a CSV column twice', csv('size,colour,size\n1,red,2'), 400, 'BAD_TABLE', /column 3: .*"size" as in column 1/],
  ['an unknown CSV column', csv('size,id,Colour\n1,2,red'), 400, 'UNKNOWN_COLUMN', /got id, Colour as well/],
  ['a CSV quote that is open', csv('size,colour\n1,"red'), 400, 'BAD_TABLE', /line 2: expected a closing quote/],
  ['a CSV cell of text', csv('size\n1\nbig'), 400, 'BAD_CELL', /line 3, column size: .*got "big"/],
  ['CSV in Latin-1', csv(Uint8Array.of(0x61, 0x0a, 0xe9)), 400, 'BAD_TABLE', /expected UTF-8/],
  ['CSV that says Latin-1', csv('size\n1', 'text/csv; charset=iso-8859-1'), 415, 'WRONG_MEDIA_TYPE', /iso-8859-1/],
  ['CSV that says it has no header', csv('1,2', 'text/csv; header=absent'), 415, 'WRONG_MEDIA_TYPE', /header=absent/],
  ['a CSV of a million columns', csv(`${'size,'.repeat(1e6)}x\n1`), 400, 'BAD_TABLE', /"size" as in column 1/],
  ['a CSV of a million empty rows', csv(`size\n${' \n'.repeat(1e6)}`), 413, 'TOO_LARGE', /at most 250000 rows/],
  ['another type of text', csv('size\n1', 'text/plain'), 415, 'WRONG_MEDIA_TYPE', /got text\/plain/],
]
