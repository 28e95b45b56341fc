import { expect, test } from 'vitest'
import type { ExplainedColumn } from '../../../src/explain/columns.ts'
import { partsOf } from '../../../src/explain/parts.ts'

const column = (codec: object): ExplainedColumn => ({
  ...{ name: 'Note', tensor: 0, place: 0, width: 1 },
  codec: { name: 'Note', missing: [], datatype: 'BYTES', ...codec } as ExplainedColumn['codec'] & object,
})

const told = (codec: object, text: string, features: readonly string[]) => {
  const values = Float64Array.from(features, (_, f) => f + 1)
  const score = { features: [{ names: features, columnOf: new Int32Array(features.length), values }] }
  const inputs = [{ name: 'Note', datatype: 'BYTES', shape: [1, 1], data: [text] } as const]
  const { parts } = partsOf(score, column(codec), 0, inputs, { row: 0, at: 0 })
  expect(parts!.reduce((sum, { contribution }) => sum + contribution, 0)).toBe(
    values.reduce((sum, own) => sum + own, 0),
  )
  return parts!.map(({ feature }) => feature)
}

const words = { kind: 'text', tokens: 'words' }
const characters = { kind: 'text', tokens: 'characters' }
const category = { kind: 'category', case: 'keep', numbers: 'keep' }

test.for([
  ['words of the row alone are named', words, 'a bad car', ['Note~bad', 'Note~car'], ['Note~ad', 'Note~care']],
  ['a text of no known word names none', words, 'unheard', [], ['Note~bad', 'Note~car']],
  ['a missing text names none', words, '', [], ['Note~bad', 'Note~car']],
  ['characters are named where they stand side by side', characters, 'j o ␣ s', ['Note~o␣s'], ['Note~os', 'Note~j␣']],
  ['levels of other rows are not named', category, 'Rome', ['Note=Rome', 'Note=(rare)'], ['Note=Bonn', 'Note=Oslo']],
  ['features of another form are', category, 'Rome', ['Note target', 'Note missing'], ['Note=Bonn']],
] as const)('%s', ([, codec, text, own, others]) => {
  const parts = told(codec, text, [...own, ...others])
  expect(parts.toSorted()).toEqual([...own, 'Note (what it lacks)'].toSorted())
})
