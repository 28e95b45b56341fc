/** The OpenAPI 3.1 document of every route. */

import type { Answer, Content } from '../../functions/openapi/operation.ts'
import { answerHeaders, pathParameters, queryParameters, requestHeaders } from '../../functions/openapi/parameters.ts'
import { type DocumentedRoute, documentedRoutes } from '../../functions/openapi/sections.ts'
import { gatewayAnswer, openAiErrorAnswer, problemAnswer } from '../../src/answers/common.ts'
import { speaksOpenAi } from '../../src/openai-error.ts'
import { release } from '../../src/release.ts'
import { byStatus, refusalsOf } from './refusals.ts'
import { createSchemas, type JsonSchema, type Schemas } from './schema.ts'

type Json = Record<string, unknown>

const ref = (kind: string, name: string): Json => ({ $ref: `#/components/${kind}/${name}` })

/** https://spec.openapis.org/oas/v3.1.1.html#working-with-binary-data: raw bytes have no schema. */
const mediaOf = (content: Content, side: 'input' | 'output', { schemaOf }: Schemas): Json =>
  Object.fromEntries(
    Object.entries(content).map(([type, body]) => {
      if (body === 'bytes') return [type, {}]
      // An answer that another route describes.
      if (body === 'text') return [type, type === 'application/json' ? {} : { schema: { type: 'string' } }]
      return [type, { schema: schemaOf(body, side) }]
    }),
  )

const names: Readonly<Record<number, string>> = {
  200: 'The answer.',
  201: 'Made.',
  202: 'Accepted.',
  204: 'Done.',
  302: 'Found.',
  303: 'See other.',
}

// Every answer has the first; no other one is in all of them.
const headersOf = (own: readonly string[] = []): Json =>
  Object.fromEntries(['Percall-Request-Id', ...own].map((name) => [name, ref('headers', name)]))

// An owner's key has no limits.
const limitHeaders = ({ access }: DocumentedRoute): readonly string[] =>
  access === 'key' ? ['RateLimit-Policy', 'RateLimit'] : []

const answerOf = (
  route: DocumentedRoute,
  status: number,
  { description, content, headers = [] }: Answer,
  schemas: Schemas,
): Json => ({
  description: description ?? names[status] ?? '',
  headers: headersOf([...headers, ...limitHeaders(route)]),
  ...(content && { content: mediaOf(content, 'output', schemas) }),
})

/** What the gateway refuses itself, in its own words, before or after a function is asked. */
const gatewayStatuses = ({ operation }: DocumentedRoute): readonly number[] => [
  ...(operation.request ? [413] : []),
  429,
  500,
  503,
]

const gatewaySays: Readonly<Record<number, string>> = {
  413: 'larger than the gateway takes',
  429: 'too many requests a second',
  500: 'the gateway failed',
  503: 'the service is being overrun, or did not answer within 30 s',
}

const refusals = (route: DocumentedRoute): Json => {
  const codes = byStatus(refusalsOf(route))
  const kind = speaksOpenAi(route.path) ? 'OpenAiError' : 'Problem'
  const gateway = gatewayStatuses(route)
  const statuses = [...new Set([...codes.keys(), ...gateway])].sort((a, b) => a - b)
  return Object.fromEntries(
    statuses.map((status) => {
      const byGateway = gateway.includes(status)
      const said = [...(codes.get(status) ?? []), ...(byGateway ? [`the gateway: ${gatewaySays[status]}`] : [])]
      const name = byGateway ? `${kind}OrGateway` : kind
      return [status, { ...ref('responses', name), description: said.join(', ') }]
    }),
  )
}

const variables = (path: string): readonly string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)

const parametersOf = ({ path, operation: { query = [], headers = [] } }: DocumentedRoute): readonly Json[] => [
  ...variables(path).map((name) => ref('parameters', name)),
  ...query.map((name) => ref('parameters', `query.${name}`)),
  ...headers.map((name) => ref('parameters', `header.${name}`)),
]

const operationId = ({ method, path }: DocumentedRoute): string =>
  [method.toLowerCase(), ...path.split(/[^A-Za-z0-9]+/).filter(Boolean)].join('_')

const security = ({ access }: DocumentedRoute): readonly Json[] =>
  access === 'public' ? [] : [{ bearer: [] }, { apiKey: [] }]

const operationOf = (route: DocumentedRoute, schemas: Schemas): Json => {
  const { summary, request, bodyIsOptional, answers } = route.operation
  const parameters = parametersOf(route)
  return {
    operationId: operationId(route),
    summary,
    tags: [route.section],
    'x-percall-access': route.access,
    security: security(route),
    ...(parameters.length > 0 && { parameters }),
    ...(request && { requestBody: { required: !bodyIsOptional, content: mediaOf(request, 'input', schemas) } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [status, answerOf(route, Number(status), answer, schemas)]),
      ),
      ...refusals(route),
    },
  }
}

const errorResponses = ({ schemaOf }: Schemas): Json => {
  const problem = schemaOf(problemAnswer, 'output')
  const openAi = schemaOf(openAiErrorAnswer, 'output')
  const gateway = schemaOf(gatewayAnswer, 'output')
  const oneOf = (own: JsonSchema) => ({ schema: { oneOf: [own, gateway] } })
  const problemJson = { 'application/problem+json': { schema: problem } }
  const withHeaders = (description: string, content: Json): Json => ({
    description,
    headers: { ...headersOf(['Retry-After', 'RateLimit-Policy', 'RateLimit']) },
    content,
  })
  return {
    // application/json is for who accepts it and not application/problem+json.
    Problem: withHeaders('Refused.', { ...problemJson, 'application/json': { schema: problem } }),
    ProblemOrGateway: withHeaders('Refused.', { ...problemJson, 'application/json': oneOf(problem) }),
    OpenAiError: withHeaders('Refused.', { 'application/json': { schema: openAi } }),
    OpenAiErrorOrGateway: withHeaders('Refused.', { 'application/json': oneOf(openAi) }),
  }
}

type Described = Readonly<
  Record<
    string,
    { readonly description: string; readonly schema: Parameters<Schemas['schemaOf']>[0]; readonly name?: string }
  >
>

const parameterComponents = ({ schemaOf }: Schemas): Json => {
  const of = (table: Described, place: string, prefix: string) =>
    Object.entries(table).map(([key, { description, schema, name = key }]) => [
      prefix + key,
      { name, in: place, ...(place === 'path' && { required: true }), description, schema: schemaOf(schema, 'input') },
    ])
  return Object.fromEntries([
    ...of(pathParameters, 'path', ''),
    ...of(queryParameters, 'query', 'query.'),
    ...of(requestHeaders, 'header', 'header.'),
  ])
}

const headerComponents = ({ schemaOf }: Schemas): Json =>
  Object.fromEntries(
    Object.entries(answerHeaders).map(([name, { description, schema }]) => [
      name,
      { description, schema: schemaOf(schema, 'output') },
    ]),
  )

const pathsOf = (routes: readonly DocumentedRoute[], schemas: Schemas): Json => {
  const paths: Record<string, Json> = {}
  for (const route of routes) {
    const { path, method } = route
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(route, schemas) }
  }
  return paths
}

const about = {
  title: 'Percall',
  version: release,
  description:
    'Models as pay-per-call services. docs/http.md has the words to it, docs/errors.md the codes of refusals.',
}

const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer', description: 'A key: pc_live_...' },
  apiKey: { type: 'apiKey', in: 'header', name: 'X-Api-Key', description: 'The same key, in a header of its own.' },
}

/** OpenAPI 3.1.1: https://spec.openapis.org/oas/v3.1.1.html */
export const openApiDocument = (routes: readonly DocumentedRoute[] = documentedRoutes): Json => {
  const schemas = createSchemas()
  const paths = pathsOf(routes, schemas)
  const responses = errorResponses(schemas)
  const parameters = parameterComponents(schemas)
  const headers = headerComponents(schemas)
  return {
    openapi: '3.1.1',
    info: { ...about, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    paths,
    components: { schemas: schemas.components(), responses, parameters, headers, securitySchemes },
  }
}
