import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lineInstance, parseExact, resultWriter } from '../../../src/batch/result-text.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 12 })

test('any cells -> a line of CSV that an outside reader reads as the same cells and the prediction', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), fc.double({ noNaN: true }), (cells, prediction) => {
      const writer = resultWriter(
        'csv',
        cells.map((_, i) => `c${i}`),
        {},
      )
      const lines = [writer.header, writer.line(JSON.stringify(cells), prediction)].join('\n')
      const [header, row] = parse(lines) as string[][]
      expect(header).toEqual([...cells.map((_, i) => `c${i}`), 'prediction'])
      expect(row).toEqual([...cells, String(prediction)])
    }),
  )
})

test('any object of JSON Lines -> the same object with the prediction', () => {
  const { line } = resultWriter('jsonl', [], {})
  const row = fc.dictionary(
    text.filter((name) => name !== '__proto__' && name !== 'prediction'),
    fc.jsonValue(),
  )
  fc.assert(
    fc.property(row, fc.jsonValue(), (value, prediction) => {
      expect(JSON.parse(line(JSON.stringify(value), prediction))).toEqual({
        ...JSON.parse(JSON.stringify(value)),
        prediction: JSON.parse(JSON.stringify(prediction)),
      })
    }),
  )
})

const labelled = { label: 'b', probabilities: { a: 0.25, b: 0.75 } }

describe('one row', () => {
  test.for([
    {
      given: 'a label in CSV',
      output: 'csv',
      row: '["x,1",null]',
      prediction: labelled,
      line: '"x,1",,b,0.25,0.75',
    },
    { given: 'a failed row in CSV', output: 'csv', row: '["x",2]', prediction: null, line: 'x,2,,,' },
    {
      given: 'a label in JSON Lines',
      output: 'jsonl',
      row: '["x",2]',
      prediction: labelled,
      line: '{"c":"x","d":2,"prediction":"b","probabilities":{"a":0.25,"b":0.75}}',
    },
    {
      given: 'an object whose number no JavaScript number holds',
      output: 'jsonl',
      row: ' {"c": 12345678901234567890} ',
      prediction: null,
      line: '{"c": 12345678901234567890,"prediction":null}',
    },
    {
      given: 'the same as CSV',
      output: 'csv',
      row: '{"d":12345678901234567890,"e":1}',
      prediction: null,
      line: ',12345678901234567890,,,',
    },
    { given: 'a line that is no object', output: 'jsonl', row: 'oops', prediction: null, line: '{"prediction":null}' },
  ] as const)('$given', ({ output, row, prediction, line }) => {
    expect(resultWriter(output, ['c', 'd'], { classes: ['a', 'b'] }).line(row, prediction)).toBe(line)
  })

  test('a prediction with its interval -> two more cells in CSV, a member in JSON Lines; only of a model that has one', () => {
    const prediction = { prediction: 4.5, interval: { low: 4, high: null, level: 0.9 } }
    const csv = resultWriter('csv', ['c'], { interval: true })
    expect(csv.header).toBe('c,prediction,interval_low,interval_high')
    expect(csv.line('["x"]', prediction)).toBe('x,4.5,4,')
    expect(csv.line('["x"]', null)).toBe('x,,,')
    const lineOf = (shape: object) => resultWriter('jsonl', ['c'], shape).line('["x"]', prediction)
    const interval = '{"low":4,"high":null,"level":0.9}'
    expect(lineOf({ interval: true })).toBe(`{"c":"x","prediction":4.5,"interval":${interval}}`)
    expect(lineOf({})).toBe(`{"c":"x","prediction":{"prediction":4.5,"interval":${interval}}}`)
  })

  test('an output [n, 1] -> its number in CSV, as :predict answers it in JSON Lines', () => {
    expect(resultWriter('csv', ['c'], {}).line('["x"]', [4.5])).toBe('x,4.5')
    expect(resultWriter('jsonl', ['c'], {}).line('["x"]', [4.5])).toBe('{"c":"x","prediction":[4.5]}')
  })

  test('an INT64 beyond 2^53 in an answer -> all its digits', () => {
    const { predictions } = parseExact('{"predictions":[9007199254740993]}') as { predictions: unknown[] }
    expect(resultWriter('csv', ['c'], {}).line('[1]', predictions[0])).toBe('1,9007199254740993')
    expect(resultWriter('jsonl', ['c'], {}).line('[1]', predictions[0])).toBe('{"c":1,"prediction":9007199254740993}')
  })
})

test.for([
  { given: 'no JSON', line: '{"a":1', code: 'BAD_JSON', says: /expected one JSON object/ },
  { given: 'an array', line: '[1]', code: 'BAD_JSON', says: /got \[1\]/ },
  { given: 'a member that the result adds', line: '{"prediction":1}', code: 'BAD_REQUEST', says: /member prediction/ },
])('$given -> refused as a row', ({ line, code, says }) => {
  expect(() => lineInstance(line)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(says) }))
})
