/**
 * The event of payload format 2.0 from one HTTP request.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 * Paths are decoded in rawPath, http.path and pathParameters (live captures in middleapi/standard-server#93 and
 * aws/aws-lambda-dotnet#1901). Does not: cut the path at a decoded question mark, as those captures show for AWS.
 */
import type { IncomingMessage } from 'node:http'
import { randomText } from '../random.ts'
import { account } from '../service.ts'

export type EventParts = {
  readonly request: IncomingMessage
  readonly body: Buffer
  readonly path: string
  readonly rawQueryString: string
  readonly routeKey: string
  readonly pathParameters: Readonly<Record<string, string>>
  readonly apiId: string
  readonly stage: string
  readonly stageVariables: Readonly<Record<string, string>> | undefined
  readonly requestId: string
  readonly nowMs: number
}

/** JSON text of the event. */
export const eventOf = (parts: EventParts): string => {
  const { request, body, path, rawQueryString, pathParameters, requestId, nowMs, stage, apiId, routeKey } = parts
  const sourceIp = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '')
  const { headers, cookies } = headersOf(request, sourceIp, nowMs)
  const queryStringParameters = joined(new URLSearchParams(rawQueryString))
  const isBase64Encoded = body.length > 0 && isBinary(request)
  const domainName = request.headers.host ?? 'localhost'
  return JSON.stringify({
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString,
    cookies,
    headers,
    queryStringParameters: rawQueryString === '' ? undefined : queryStringParameters,
    requestContext: {
      accountId: account,
      apiId,
      domainName,
      domainPrefix: domainName.split('.')[0],
      http: {
        method: request.method,
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId,
      routeKey,
      stage,
      time: commonLogTime(nowMs),
      timeEpoch: nowMs,
    },
    pathParameters: Object.keys(pathParameters).length > 0 ? pathParameters : undefined,
    stageVariables: parts.stageVariables,
    body: body.length > 0 ? body.toString(isBase64Encoded ? 'base64' : 'utf8') : undefined,
    isBase64Encoded,
  })
}

// Repeated names are joined by commas; the name __proto__ is a name like any other.
const joined = (pairs: Iterable<readonly [string, string]>): Record<string, string> => {
  const values: Record<string, string> = Object.create(null)
  for (const [name, value] of pairs) values[name] = name in values ? `${values[name]},${value}` : value
  return values
}

const headersOf = (request: IncomingMessage, sourceIp: string, nowMs: number) => {
  const pairs: [string, string][] = []
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    pairs.push([request.rawHeaders[index]!.toLowerCase(), request.rawHeaders[index + 1]!])
  }
  const cookies = pairs
    .filter(([name]) => name === 'cookie')
    .flatMap(([, value]) => value.split(/;\s*/).filter(Boolean))
  const headers = joined(pairs.filter(([name]) => name !== 'cookie' && name !== 'connection'))
  headers['content-length'] ??= '0'
  headers['x-forwarded-for'] = [headers['x-forwarded-for'], sourceIp].filter(Boolean).join(', ')
  headers['x-forwarded-port'] = String(request.socket.localPort ?? '')
  headers['x-forwarded-proto'] = 'http'
  headers['x-amzn-trace-id'] ??= `Root=1-${Math.floor(nowMs / 1000).toString(16)}-${randomText(12, 'hex')}`
  return { headers, cookies: cookies.length > 0 ? cookies : undefined }
}

const text = /^(text\/.*|application\/(json|xml|javascript|x-www-form-urlencoded))$/i

// An encoded body is bytes whatever its type; no type at all counts as bytes (both unverified on AWS).
const isBinary = ({ headers }: IncomingMessage): boolean =>
  headers['content-encoding'] !== undefined || !text.test(headers['content-type']?.split(';')[0]?.trim() ?? '')

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `12/Mar/2020:19:03:58 +0000` */
const commonLogTime = (nowMs: number): string => {
  const [date = '', time = ''] = new Date(nowMs).toISOString().split('T')
  const [year, month, day] = date.split('-')
  return `${day}/${months[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`
}
