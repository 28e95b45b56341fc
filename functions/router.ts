import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { type Principal, requireOwner, requireScope, requireSource } from '../src/access/principal.ts'
import { PercallError } from '../src/errors.ts'
import type { Authenticate } from '../src/ports.ts'
import type { Enter } from './middleware/enter.ts'
import { problemResponse } from './middleware/problem.ts'
import type { Route, RouteRequest, RouteResponse, Verb } from './route.ts'

type Segments = readonly string[]

/** `/v2/` and `/v2` are one path: the specification's clients send both. The gateway has decoded `rawPath` already. */
const segmentsOf = (path: string): Segments => (path.endsWith('/') ? path.slice(0, -1) : path).split('/').slice(1)

const variable = /^\{(\w+)\}$/

/** A segment of a route's path: text that must be there, or a variable that takes any but the empty one. */
type Part = { readonly text: string } | { readonly variable: string }

// Read once: with a regular expression and an iterator a segment, matching took 8 of 75 us of a warm call.
const partsOf = (path: string): readonly Part[] =>
  segmentsOf(path).map((text) => {
    const name = variable.exec(text)?.[1]
    return name === undefined ? { text } : { variable: name }
  })

const paramsOf = (pattern: readonly Part[], path: Segments): Record<string, string> | undefined => {
  if (pattern.length !== path.length) return undefined
  let place = 0
  for (const part of pattern) {
    const segment = path[place++]
    if ('text' in part ? part.text !== segment : segment === '') return undefined
  }
  const params: Record<string, string> = Object.create(null)
  place = 0
  for (const part of pattern) {
    const segment = path[place++]
    if ('variable' in part) params[part.variable] = segment ?? ''
  }
  return params
}

type Match<Ports> =
  | { readonly kind: 'route'; readonly route: Route<Ports>; readonly params: Record<string, string> }
  | { readonly kind: 'wrong verb'; readonly verbs: readonly Verb[] }

type TableLine<Ports> = Route<Ports> & { readonly parts: readonly Part[] }

/** The first line of the table that fits verb and path. Throws UNKNOWN_ROUTE when no line has the path. */
const matchRoute = <Ports>(table: readonly TableLine<Ports>[], verb: string, path: string): Match<Ports> => {
  const segments = segmentsOf(path)
  const verbs: Verb[] = []
  const forms: string[] = []
  for (const route of table) {
    const params = paramsOf(route.parts, segments)
    if (!params) continue
    const { form, method } = route
    if (form && !form.fits(params)) forms.push(form.shown)
    else if (method === verb) return { kind: 'route', route, params }
    else if (!verbs.includes(method)) verbs.push(method)
  }
  const expected = forms.length > 0 ? `; expected ${forms.join(' or ')}` : ''
  if (verbs.length === 0) throw new PercallError('UNKNOWN_ROUTE', `no route ${verb} ${path}${expected}`)
  return { kind: 'wrong verb', verbs }
}

// A route with access 'public' is written not to look at its principal.
const nobody: Principal = { role: 'consumer', consumerId: '', keyId: '', grants: [] }

// RFC 9110 15.5.6: a 405 lists the verbs of its resource.
const refuseVerb = (event: APIGatewayProxyEventV2, verb: string, allow: string): APIGatewayProxyStructuredResultV2 =>
  problemResponse(event, new PercallError('WRONG_VERB', `${event.rawPath}: expected ${allow}, got ${verb}`), { allow })

const noBytes = new Uint8Array(0)
const noQuery = new URLSearchParams()

const bodyOf = ({ body, isBase64Encoded }: APIGatewayProxyEventV2): Uint8Array =>
  body ? Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8') : noBytes

const toGateway = ({ status, headers, body }: RouteResponse): APIGatewayProxyStructuredResultV2 => {
  const response: APIGatewayProxyStructuredResultV2 = { statusCode: status }
  if (headers) response.headers = { ...headers }
  if (typeof body === 'string') response.body = body
  else if (body) {
    response.body = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('base64')
    response.isBase64Encoded = true
  }
  return response
}

/** What a router does besides its routes; a large model's call is answered elsewhere, whose answer `handOn` is. */
type Besides = {
  readonly enter?: Enter
  readonly handOn?: (event: APIGatewayProxyEventV2, thrown: unknown) => Promise<APIGatewayProxyStructuredResultV2>
}

/** Handed on by a function that has let the request enter already. The gateway makes events: no caller can name this member. */
export type HandedOn = APIGatewayProxyEventV2 & { readonly handedOn?: true }

const everyone: Enter = () => undefined
const nowhere = (_: unknown, thrown: unknown): Promise<never> => Promise.reject(thrown)

/** Who asks, let in by key, source and scope. */
const admit = async <Ports>(
  { access, scope }: Route<Ports>,
  { headers, requestContext }: APIGatewayProxyEventV2,
  authenticate: Authenticate,
): Promise<Principal> => {
  if (access === 'public') return nobody
  const principal = await authenticate(headers)
  requireSource(principal, requestContext.http.sourceIp)
  if (access === 'owner') requireOwner(principal)
  if (scope) requireScope(principal, scope)
  return principal
}

const requestOf = (
  event: APIGatewayProxyEventV2,
  from: Pick<RouteRequest, 'params' | 'principal' | 'beganAtMs'>,
): RouteRequest => {
  const { headers, requestContext, rawQueryString } = event
  const query = rawQueryString ? new URLSearchParams(rawQueryString) : noQuery
  return { ...from, query, headers, body: bodyOf(event), requestId: requestContext.requestId }
}

/** Answers behind the entrance, which is left before the answer is. */
const within = async (
  entering: NonNullable<ReturnType<Enter>>,
  event: APIGatewayProxyEventV2,
  answer: () => Promise<APIGatewayProxyStructuredResultV2>,
): Promise<APIGatewayProxyStructuredResultV2> => {
  const entrance = await entering
  if (entrance.kind === 'refused') return problemResponse(event, entrance.refusal, entrance.headers)
  try {
    const answered = await answer()
    return { ...answered, headers: { ...answered.headers, ...entrance.headers } }
  } finally {
    await entrance.leave()
  }
}

/** A gateway handler from a route table: match, check the key from the headers, let in, decode the body, run, encode. */
export const router = <Ports>(
  routes: readonly Route<Ports>[],
  ports: Ports,
  authenticate: Authenticate,
  { enter = everyone, handOn = nowhere }: Besides = {},
) => {
  const table = routes.map((route) => ({ ...route, parts: partsOf(route.path) }))
  return async (event: HandedOn): Promise<APIGatewayProxyStructuredResultV2> => {
    const beganAtMs = performance.now()
    const verb = event.requestContext.http.method
    const match = matchRoute(table, verb, event.rawPath)
    if (match.kind === 'wrong verb') return refuseVerb(event, verb, match.verbs.join(', '))
    const { route, params } = match
    const principal = await admit(route, event, authenticate)
    const answer = async (): Promise<APIGatewayProxyStructuredResultV2> => {
      try {
        return toGateway(await route.run(requestOf(event, { params, principal, beganAtMs }), ports))
      } catch (thrown) {
        return await handOn(event, thrown)
      }
    }
    const entering = principal === nobody || event.handedOn ? undefined : enter(principal)
    return entering ? await within(entering, event, answer) : await answer()
  }
}
