import { expect, test } from 'vitest'
import { jsonText } from '../../../functions/middleware/decode.ts'
import { PercallError } from '../../../src/errors.ts'

const read = (type: string | undefined, text: string): string => {
  try {
    return jsonText({ headers: { 'content-type': type }, body: new TextEncoder().encode(text) })
  } catch (thrown) {
    return thrown instanceof PercallError ? thrown.code : String(thrown)
  }
}

test.for([
  { given: 'no type', type: undefined, text: '{}', outcome: '{}' },
  { given: 'JSON with a charset', type: 'application/json; charset=utf-8', text: '{}', outcome: '{}' },
  { given: 'a type built on JSON', type: 'application/problem+json', text: '{}', outcome: '{}' },
  {
    given: "curl's own type with an object",
    type: 'application/x-www-form-urlencoded',
    text: ' {"a":1}',
    outcome: ' {"a":1}',
  },
  {
    given: "curl's own type with a form",
    type: 'application/x-www-form-urlencoded',
    text: 'a=1',
    outcome: 'WRONG_MEDIA_TYPE',
  },
  { given: 'text', type: 'text/plain', text: '{}', outcome: 'WRONG_MEDIA_TYPE' },
])('$given -> $outcome', ({ type, text, outcome }) => {
  expect(read(type, text)).toBe(outcome)
})
