import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { estimators } from '../../src/estimators/list.ts'
import { parseRunRequest } from '../../src/run/request.ts'

const markdown = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'training.md'), 'utf8')
/** The first table: what POST /api/runs takes. */
const [, request = ''] = markdown.split(/^`POST \/api\/runs` takes these fields.*$/m)
const [table = ''] = request.split('\n## ')
const fields = [...table.matchAll(/^\| `(\w+)` +\| ([^|]*)\| ([^|]*)\|/gm)].map(([, field = '', , otherwise = '']) => ({
  field,
  otherwise: otherwise.trim(),
}))
const parameters = [...markdown.matchAll(/^\| (\w+) +\| `(\w+)` +\| [^|]*\| ([^|]*)\|/gm)].map(
  ([, algorithm, parameter, otherwise = '']) => [algorithm, parameter, otherwise.trim().replaceAll('`', '')].join(' '),
)

const least = { model: 'm', dataset: 'd', target: 't' }

test('the fields with a default -> the document gives the default of the code', () => {
  const request: Readonly<Record<string, unknown>> = parseRunRequest(least)
  const simple = fields.filter(({ field }) => ['string', 'number', 'boolean'].includes(typeof request[field]))
  const said = simple.filter(({ otherwise }) => otherwise !== 'needed')
  expect(said.map(({ field, otherwise }) => [field, otherwise.replaceAll('`', '')])).toEqual(
    said.map(({ field }) => [field, String(request[field])]),
  )
  expect(said.length).toBeGreaterThanOrEqual(6)
})

test('the fields that the code fills in -> each stands in the document', () => {
  const names = fields.map(({ field }) => field)
  expect(Object.keys(parseRunRequest(least)).filter((field) => !names.includes(field))).toEqual([])
})

test.for(fields.map(({ field }) => field))('the field %s of the document -> known to the code', (field) => {
  // A value of a wrong type is refused as a value; a field that the code does not know is refused as a key.
  expect(() => parseRunRequest({ ...least, [field]: Symbol('wrong') })).not.toThrow(/unknown member/)
  expect(() => parseRunRequest({ ...least, [`${field}Other`]: 1 })).toThrow(/unknown member/)
})

test('the parameters of each algorithm -> documented with their defaults, and no others', () => {
  const inCode = Object.entries(estimators).flatMap(([algorithm, { hyper }]) =>
    Object.entries(Object(hyper({}))).map(([parameter, value]) => [algorithm, parameter, String(value)].join(' ')),
  )
  expect(parameters.sort()).toEqual(inCode.sort())
})
