import { type BadRequest, nested } from './bad-calls.ts'

const rows = (instances: unknown, query = '') => ({
  path: `/v1/models/trained:predict${query}`,
  body: JSON.stringify({ instances }),
})
const row = { size: 2, colour: 'red', day: '2026-01-01' }

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
]
