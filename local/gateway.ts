/**
 * API Gateway: one HTTP API in front of functions, with payload format 2.0.
 * Does: routes, throttles, CORS, limits of size and time, the gateway's own answers. Does not: more than one API, TLS,
 * authorizers, access logs (the setting is accepted), a deadline kept by the function after the caller was told 503.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Answer, answerOf, message } from './gateway/answer.ts'
import { type Api, apiOf, type Route } from './gateway/api.ts'
import { readBody } from './gateway/body.ts'
import { corsHeaders, isPreflight } from './gateway/cors.ts'
import { eventOf } from './gateway/event.ts'
import { type Match, matchRoute } from './gateway/route.ts'
import { createBucket } from './gateway/throttle.ts'
import { randomText } from './random.ts'
import { AwsError, account, ClosingError, type InvokeFunction, type Resource, region } from './service.ts'

export type GatewayOptions = {
  readonly invoke: InvokeFunction
  /** Throws AwsError unless a Lambda::Permission lets this API's route invoke the function. */
  readonly authorizeInvoke: (functionArn: string, sourceArn: string) => void
  readonly now: () => number
}

export type Gateway = {
  /** All resources of one API: Api, Stage, Integrations, Routes. Throws on what it does not know. */
  readonly addApi: (resources: readonly Resource[]) => void
  /** For node:http; give the server a maxHeaderSize of 16 KB or more, so that the limit here is the one that speaks. */
  readonly listener: (request: IncomingMessage, response: ServerResponse) => void
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const limits = { headerBytes: 10_240, bodyBytes: 10 * 1024 * 1024, bodyTimeoutMs: 30_000 } as const

export const createGateway = ({ invoke, authorizeInvoke, now }: GatewayOptions): Gateway => {
  let api: Api | undefined
  const buckets = new Map<Route, () => boolean>()

  const answerRequest = async (
    served: Api,
    request: IncomingMessage,
    requestId: string,
  ): Promise<Answer | undefined> => {
    if (headerBytes(request) > limits.headerBytes) return message(431, 'Request Header Fields Too Large')
    if (served.cors && isPreflight(request)) return { status: 204, headers: {}, body: '' }
    const target = targetOf(request.url ?? '/')
    if (!target) return message(400, 'Bad Request')
    const found = find(served, request.method ?? 'GET', target.path)
    if (!found) return message(404, 'Not Found')
    if (buckets.get(found.route)?.() === false) return message(429, 'Too Many Requests')
    const body = await readBody(request, { limitBytes: limits.bodyBytes, timeoutMs: limits.bodyTimeoutMs })
    if (body.kind === 'aborted') return undefined
    if (body.kind === 'too-large') return message(413, 'Request Entity Too Large')
    if (body.kind === 'too-slow') return message(408, 'Request Timeout')
    const event = eventOf({
      request,
      body: body.bytes,
      ...target,
      routeKey: found.route.key,
      pathParameters: found.pathParameters,
      apiId: served.id,
      stage: served.stage,
      stageVariables: served.stageVariables,
      requestId,
      nowMs: now(),
    })
    return integrate(served, found.route, request.method ?? 'GET', event)
  }

  const integrate = async (served: Api, route: Route, method: string, event: string): Promise<Answer> => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), route.timeoutMs)
    })
    try {
      authorizeInvoke(route.functionArn, sourceArnOf(served, route, method))
      const call = invoke(route.functionArn, event)
      call.catch(() => undefined) // its refusal is met below, unless the time is over first
      const outcome = await Promise.race([call, late])
      if (outcome === 'late') return message(503, 'Service Unavailable')
      return (outcome.kind === 'answer' && answerOf(outcome.payload)) || message(500, 'Internal Server Error')
    } catch (error) {
      if (error instanceof ClosingError) return message(503, 'Service Unavailable')
      if (!(error instanceof AwsError)) throw error
      if (error.status === 413) return message(413, 'Request Entity Too Large')
      if (error.status === 429) return message(503, 'Service Unavailable')
      return message(500, 'Internal Server Error')
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    addApi: (resources) => {
      if (api) throw new Error(`expected one HTTP API, got a second one after ${api.id}`)
      api = apiOf(resources)
      for (const route of api.routes) {
        if (route.throttle) buckets.set(route, createBucket(route.throttle, now))
      }
    },
    listener: (request, response) => {
      const served = api
      const requestId = randomText(11, 'base64')
      if (!served) {
        write(request, response, message(404, 'Not Found'), requestId)
        return
      }
      answerRequest(served, request, requestId).then(
        (answer) => answer && write(request, response, withCors(served, request, answer), requestId),
        (error: unknown) => {
          console.error(`gateway: ${request.method} ${request.url}:`, error)
          write(request, response, message(500, 'Internal Server Error'), requestId)
        },
      )
    },
  }
}

const find = (api: Api, method: string, path: string): Match<Route> | undefined => {
  if (api.stage === '$default') return matchRoute(api.routes, method, path)
  const prefix = `/${api.stage}`
  if (path !== prefix && !path.startsWith(`${prefix}/`)) return undefined
  return matchRoute(api.routes, method, path.slice(prefix.length) || '/')
}

/** Decoded path and raw query; undefined when the path's escapes are no UTF-8. */
const targetOf = (url: string): { path: string; rawQueryString: string } | undefined => {
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  try {
    return { path: decodeURIComponent(path), rawQueryString: mark < 0 ? '' : url.slice(mark + 1) }
  } catch {
    return undefined
  }
}

// The limit holds for the request line and the headers together.
const headerBytes = ({ method = '', url = '', rawHeaders }: IncomingMessage): number =>
  rawHeaders.reduce((sum, text) => sum + Buffer.byteLength(text), method.length + Buffer.byteLength(url))

// As in the permissions that CDK writes: the route's path with its variables unreplaced; $default has no method.
const sourceArnOf = (api: Api, route: Route, method: string): string => {
  const base = `arn:aws:execute-api:${region}:${account}:${api.id}/${api.stage}`
  return route.key === '$default'
    ? `${base}/$default`
    : `${base}/${method}${route.key.slice(route.key.indexOf(' ') + 1)}`
}

const withCors = ({ cors }: Api, request: IncomingMessage, answer: Answer): Answer => {
  if (!cors) return answer
  const own = Object.entries(answer.headers).filter(([name]) => !name.startsWith('access-control-'))
  const added = corsHeaders(cors, request.headers.origin, isPreflight(request))
  return { ...answer, headers: { ...Object.fromEntries(own), ...added } }
}

const write = (request: IncomingMessage, response: ServerResponse, answer: Answer, requestId: string): void => {
  const bodyless = answer.status === 204 || answer.status === 304
  const headers = { ...answer.headers, 'apigw-requestid': requestId } as Record<string, string | string[]> // node's type is mutable
  if (!bodyless) headers['content-length'] = String(Buffer.byteLength(answer.body))
  // What is left of a refused body would be read as the next request.
  if (!request.complete && answer.status >= 400) headers.connection = 'close'
  try {
    response.writeHead(answer.status, headers)
  } catch {
    // A header's name or value that HTTP does not allow.
    if (!response.headersSent) write(request, response, message(500, 'Internal Server Error'), requestId)
    return
  }
  response.end(bodyless ? undefined : answer.body)
  if (!request.complete) request.resume()
}
