import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { batchRoutes } from '../../functions/batches/routes.ts'
import type { pageRoutes } from '../../functions/control/page.ts'
import { controlRoutes } from '../../functions/control/routes.ts'
import type { Operations } from '../../functions/openapi/operation.ts'
import { pageOperations } from '../../functions/openapi/page.ts'
import { predictRoutes } from '../../functions/predict/routes.ts'
import type { Route } from '../../functions/route.ts'
import { generatedFaults } from '../../scripts/docs.ts'
import { openApiDocument } from '../../scripts/openapi/document.ts'
import { errorTable } from '../../src/errors.ts'

const document = openApiDocument()
const text = JSON.stringify(document)

type Operation = {
  readonly 'x-percall-access': string
  readonly security: readonly object[]
  readonly operationId: string
}
const paths = document.paths as Record<string, Record<string, Operation>>
const operations = Object.entries(paths).flatMap(([path, verbs]) =>
  Object.entries(verbs).map(([verb, operation]) => ({ name: `${verb.toUpperCase()} ${path}`, operation })),
)

test('the document -> valid OpenAPI 3.1 by an outside validator', async () => {
  const validator = new Validator()
  expect(await validator.validate(JSON.parse(text))).toEqual({ valid: true })
  expect(validator.version).toBe('3.1')
})

test('the document with an answer that has no description -> the validator refuses it', async () => {
  const broken = JSON.parse(text)
  delete broken.paths['/v2'].get.responses['200'].description
  expect((await new Validator().validate(broken)).valid).toBe(false)
})

const served: readonly Pick<Route<never>, 'method' | 'path' | 'access' | 'form'>[] = [
  ...predictRoutes,
  ...batchRoutes,
  ...controlRoutes,
]

test('routes of the code -> each is in the document with its access, and no other', () => {
  const lines = served.map(
    ({ method, path, access, form }) => `${method} ${form ? path.replace('{target}', form.shown) : path} ${access}`,
  )
  const shown = operations.map(({ name, operation }) => `${name} ${operation['x-percall-access']}`)
  expect(shown.sort()).toEqual([...new Set(lines)].sort())
  for (const { operation } of operations)
    expect(operation.security).toHaveLength(operation['x-percall-access'] === 'public' ? 0 : 2)
})

type WithAnother = readonly [...typeof pageRoutes, { readonly method: 'GET'; readonly path: '/another' }]

test('a table with a route that has no operation -> does not type-check', () => {
  const fits: Operations<typeof pageRoutes> = pageOperations
  // @ts-expect-error -- tsc refuses this line where it is no error, and the one above where it is one
  const lacks: Operations<WithAnother> = pageOperations
  expect(lacks).toBe(fits)
})

test('operations -> each has an id of its own', () => {
  expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length)
})

test('components -> each is referred to, and each reference leads somewhere', () => {
  const components = document.components as Record<string, Record<string, unknown>>
  const refs = new Set([...text.matchAll(/"\$ref":"#\/components\/([^"]+)"/g)].map(([, ref]) => ref))
  const { securitySchemes: _, ...referred } = components
  const known = Object.entries(referred).flatMap(([kind, own]) => Object.keys(own).map((name) => `${kind}/${name}`))
  expect([...refs].sort()).toEqual(known.sort())
})

test('codes of errors -> each stands at an operation, but those that no operation has', () => {
  const noOperation = [
    // No route has the path, or none its verb.
    'UNKNOWN_ROUTE',
    'WRONG_VERB',
  ]
  const described = operations.map(({ operation }) => JSON.stringify(operation)).join(' ')
  const missing = Object.keys(errorTable).filter((code) => !new RegExp(`\\b${code}\\b`).test(described))
  expect(missing).toEqual(noOperation)
})

test('what the repository has -> what the schemas give today; a file that is behind is named', () => {
  expect(generatedFaults()).toEqual([])
  const folder = mkdtempSync(join(tmpdir(), 'percall-docs-'))
  try {
    for (const path of ['functions/control/generated/openapi.ts', 'docs/http.md']) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), readFileSync(path, 'utf8').replaceAll('/v2/models', '/v3/models'))
    }
    expect(generatedFaults(folder)).toHaveLength(2)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
