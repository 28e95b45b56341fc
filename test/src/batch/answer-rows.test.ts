import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answerRows, type ReadInstances } from '../../../src/batch/answer-rows.ts'
import { PercallError } from '../../../src/errors.ts'

/** Doubles numbers. `unreadable` rows are refused as they are read, `poison` only by the model, `slow` by its time limit. */
const model = () => {
  const calls: number[] = []
  const read: ReadInstances = (texts) => {
    const at = texts.indexOf('unreadable')
    if (at >= 0) throw new PercallError('BAD_CELL', `row ${at}, column x: expected a number`)
    return async () => {
      calls.push(texts.length)
      if (texts.includes('poison')) throw new PercallError('INFERENCE_REFUSED', 'model m/1 refused the inputs')
      if (texts.includes('slow')) throw new PercallError('INFERENCE_TIMEOUT', 'model m/1: expected an end within 10 s')
      return texts.map((text) => Number(text) * 2)
    }
  }
  return { read, calls }
}

const codes: Readonly<Record<string, string>> = { unreadable: 'BAD_CELL', poison: 'INFERENCE_REFUSED' }

test('any mix of good and bad rows in calls of any size -> each answered or refused as if alone, in order', async () => {
  const row = fc.oneof({ weight: 8, arbitrary: fc.nat(1000).map(String) }, fc.constantFrom('unreadable', 'poison'))
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 80 }), fc.integer({ min: 1, max: 30 }), async (rows, perCall) => {
      const outcomes = await answerRows(model().read, perCall)(rows)
      expect(outcomes.map((one) => (one.kind === 'answered' ? one.prediction : one.code))).toEqual(
        rows.map((text) => codes[text] ?? Number(text) * 2),
      )
    }),
  )
})

describe('the price of a bad row', () => {
  test('one row in a thousand that the model refuses -> found with 21 calls', async () => {
    const { read, calls } = model()
    const rows = Array.from({ length: 1000 }, (_, i) => (i === 377 ? 'poison' : String(i)))
    await answerRows(read, 1000)(rows)
    expect(calls.length).toBeLessThanOrEqual(21)
  })

  test('rows that cannot be read -> found without a call of the model', async () => {
    const { read, calls } = model()
    await answerRows(read, 1000)(Array.from({ length: 1000 }, (_, i) => (i % 3 === 0 ? 'unreadable' : String(i))))
    expect(calls).toEqual([666])
  })

  test('more than three rows beyond the time limit -> the rest refused like them without running', async () => {
    const { read, calls } = model()
    const outcomes = await answerRows(read, 1)(Array.from({ length: 20 }, () => 'slow'))
    expect(calls).toHaveLength(3)
    expect(outcomes).toHaveLength(20)
    for (const outcome of outcomes) expect(outcome).toMatchObject({ kind: 'refused', code: 'INFERENCE_TIMEOUT' })
  })
})

test('a row read alone -> its message without the number 0', async () => {
  const [, outcome] = await answerRows(model().read, 10)(['1', 'unreadable'])
  expect(outcome).toEqual({ kind: 'refused', code: 'BAD_CELL', message: 'column x: expected a number' })
})

test.for(['UNKNOWN_VERSION', 'UNSUPPORTED_ONNX', 'NOT_READY'] as const)(
  '%s, which blames no row -> thrown, so that the machine tells',
  async (code) => {
    const read: ReadInstances = () => async () => {
      throw new PercallError(code, 'not the rows')
    }
    await expect(answerRows(read, 10)(['1', '2'])).rejects.toMatchObject({ code })
  },
)
