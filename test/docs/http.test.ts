import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { batchRoutes } from '../../functions/batches/routes.ts'
import { controlRoutes } from '../../functions/control/routes.ts'
import { callRoutes } from '../../functions/predict/calls.ts'
import { openInferenceRoutes } from '../../functions/predict/open-inference.ts'
import { openAiRoutes } from '../../functions/predict/openai.ts'
import { rowRoutes } from '../../functions/predict/rows.ts'
import { statsRoutes } from '../../functions/predict/stats.ts'
import { consumerUploadRoutes } from '../../functions/predict/uploads.ts'

const markdown = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'http.md'), 'utf8')
const documented = [...markdown.matchAll(/^\| ([A-Z]+) +\| `([^`]+)` +\| (public|key|owner) /gm)].map(
  ([, method, path, access]) => `${method} ${path} ${access}`,
)
// Both handlers have `GET /v2`.
const served = new Set(
  [
    ...openInferenceRoutes,
    ...rowRoutes,
    ...openAiRoutes,
    ...statsRoutes,
    ...callRoutes,
    ...consumerUploadRoutes,
    ...batchRoutes,
    ...controlRoutes,
  ].map(({ method, path, access }) => `${method} ${path} ${access}`),
)

test('the routes of the code -> each stands in docs/http.md with its access', () => {
  expect([...served].filter((route) => !documented.includes(route))).toEqual([])
})

test('the routes of docs/http.md -> each is served, and stands there once', () => {
  expect(documented.filter((route) => !served.has(route))).toEqual([])
  expect(documented).toHaveLength(served.size)
})
