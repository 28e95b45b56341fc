import { batchRoutes } from '../batches/routes.ts'
import { controlRoutes } from '../control/routes.ts'
import { predictRoutes } from '../predict/routes.ts'
import type { Route } from '../route.ts'
import { billingOperations } from './billing.ts'
import { batchOperations, callOperations } from './calls.ts'
import { inferenceOperations } from './inference.ts'
import { invoiceOperations } from './invoices.ts'
import type { Operation, Operations } from './operation.ts'
import { pageOperations } from './page.ts'
import { registryOperations } from './registry.ts'
import { rowOperations } from './rows.ts'
import { datasetOperations, runOperations } from './training.ts'
import { triggerOperations } from './triggers.ts'

/** A route as the document shows it. */
export type DocumentedRoute = Pick<Route<never>, 'method' | 'path' | 'access' | 'scope'> & {
  readonly section: string
  readonly operation: Operation
}

// In the order of docs/http.md; each name is a pair of markers there and a tag of the document.
const sections = {
  inference: inferenceOperations,
  rows: rowOperations,
  calls: callOperations,
  batches: batchOperations,
  models: registryOperations,
  datasets: datasetOperations,
  runs: runOperations,
  triggers: triggerOperations,
  consumers: { ...billingOperations, ...invoiceOperations },
  page: pageOperations,
}

const routes = [...predictRoutes, ...batchRoutes, ...controlRoutes] as const

// A route without its operation is an error of this line.
const operations: Operations<typeof routes> = {
  ...inferenceOperations,
  ...rowOperations,
  ...callOperations,
  ...batchOperations,
  ...registryOperations,
  ...datasetOperations,
  ...runOperations,
  ...triggerOperations,
  ...billingOperations,
  ...invoiceOperations,
  ...pageOperations,
}

type Line = (typeof routes)[number] & Pick<Route<never>, 'form' | 'scope'>

/** `/v1/models/{target}` stands for several forms of its last segment; the document has them as paths of their own. */
const shownPath = ({ path, form }: Line): Route<never>['path'] =>
  form ? `/${path.slice(1, path.lastIndexOf('/'))}/${form.shown}` : path

const documented = (route: Line): readonly DocumentedRoute[] => {
  const path = shownPath(route)
  const name = `${route.method} ${path}` as keyof typeof operations // a union of literals, which a template loses
  const section = Object.entries(sections).find(([, own]) => name in own)?.[0] ?? ''
  const { method, access, scope } = route
  return [{ method, path, access, ...(scope && { scope }), section, operation: operations[name] }]
}

/** Every route of the gateway's functions, once: `GET /v2` is in two tables. */
export const documentedRoutes: readonly DocumentedRoute[] = [
  ...new Map(routes.flatMap(documented).map((route) => [`${route.method} ${route.path}`, route])).values(),
]
