import { describe, expect, test } from 'vitest'
import { checkColumns, instanceWriter } from '../../../src/batch/row-text.ts'
import type { TabularManifest } from '../../../src/registry/manifest.ts'
import type { Signature } from '../../../src/registry/signature.ts'

const signature: Signature = {
  inputs: [
    { name: 'n', datatype: 'INT64', shape: [-1, 1] },
    { name: 'v', datatype: 'FP32', shape: [-1, 2] },
    { name: 't', datatype: 'BYTES', shape: [-1] },
  ],
  outputs: [],
}

test.for([
  {
    given: 'digits that no JavaScript number holds',
    cells: ['9007199254740993', '[1,2]', 'x'],
    text: '{"n":9007199254740993,"v":[1,2],"t":"x"}',
  },
  { given: 'text of digits for a text input', cells: ['1', '[1,2]', '007'], text: '{"n":1,"v":[1,2],"t":"007"}' },
  { given: 'an empty cell', cells: [null, '[1,2]', 'x'], text: '{"v":[1,2],"t":"x"}' },
  {
    given: 'a word for a number, which the reader refuses',
    cells: ['one', '[1,2]', 'x'],
    text: '{"n":"one","v":[1,2],"t":"x"}',
  },
  { given: 'cells of Parquet', cells: [1, '[1,2]', 'x'], text: '{"n":1,"v":[1,2],"t":"x"}' },
])('$given -> the instance of a model without a manifest', ({ cells, text }) => {
  expect(instanceWriter(['n', 'v', 't'], { signature })(cells)).toBe(text)
})

test('empty cells -> null in the instance of a trained model, which refuses one without any of its columns', () => {
  const column = { kind: 'numeric', name: 'n', missing: [], datatype: 'FP64', decimal: '.' } as const
  const manifest: TabularManifest = {
    ...{ schema: 1, percall: '0', task: 'regression', target: { name: 'y', kind: 'numeric' } },
    codec: { codecVersion: 1, columns: [column] },
    outputs: { prediction: 'y' },
  }
  expect(instanceWriter(['n', 'm'], { signature, manifest })([null, null])).toBe('{"n":null,"m":null}')
})

describe('columns of a file', () => {
  test.for([
    {
      given: 'one that the model does not know',
      columns: ['n', 'v', 't', 'id'],
      code: 'UNKNOWN_COLUMN',
      says: /got id as well/,
    },
    { given: 'one too few', columns: ['n', 'v'], code: 'MISSING_INPUT', says: /none for t/ },
    { given: 'none of the known', columns: ['a', 'b'], unknown: 'ignore', code: 'BAD_TABLE', says: /at least one of/ },
    {
      given: 'the name of the result',
      columns: ['n', 'v', 't', 'prediction'],
      unknown: 'ignore',
      code: 'BAD_TABLE',
      says: /prediction/,
    },
  ] as const)('$given -> refused before anything runs', ({ columns, code, says, ...more }) => {
    const unknown = 'unknown' in more ? more.unknown : 'refuse'
    expect(() => checkColumns(columns, { signature }, unknown)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(says) }),
    )
  })

  test('a stranger that is to be ignored -> taken', () => {
    expect(() => checkColumns(['n', 'v', 't', 'id'], { signature }, 'ignore')).not.toThrow()
  })
})
