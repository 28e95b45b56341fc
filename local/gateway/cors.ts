/**
 * Cross-origin requests, answered by the gateway when the API has a CorsConfiguration.
 * Does: preflights without asking the function; on other answers it replaces the function's own CORS headers, as AWS.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
import type { IncomingMessage } from 'node:http'

export type CorsConfiguration = {
  readonly origins: readonly string[]
  readonly methods: readonly string[]
  readonly headers: readonly string[]
  readonly exposed: readonly string[]
  readonly maxAgeSeconds: number | undefined
  readonly credentials: boolean
}

const knownProperties = ['AllowCredentials', 'AllowHeaders', 'AllowMethods', 'AllowOrigins', 'ExposeHeaders', 'MaxAge']

/** Reads an API's CorsConfiguration. Throws on unknown properties. */
export const corsOf = (where: string, properties: Record<string, unknown>): CorsConfiguration => {
  const unknown = Object.keys(properties).filter((name) => !knownProperties.includes(name))
  if (unknown.length > 0) throw new Error(`${where} CorsConfiguration: unknown properties ${unknown.join(', ')}`)
  const list = (name: string): readonly string[] => (properties[name] as readonly string[] | undefined) ?? [] // a list by its CloudFormation type
  return {
    origins: list('AllowOrigins').map((origin) => origin.toLowerCase()),
    methods: list('AllowMethods'),
    headers: list('AllowHeaders').map((header) => header.toLowerCase()),
    exposed: list('ExposeHeaders').map((header) => header.toLowerCase()),
    maxAgeSeconds: properties.MaxAge === undefined ? undefined : Number(properties.MaxAge),
    credentials: properties.AllowCredentials === true,
  }
}

export const isPreflight = ({ method, headers }: IncomingMessage): boolean =>
  method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined

/** The headers for an answer to this origin; none when the origin is not allowed. */
export const corsHeaders = (
  cors: CorsConfiguration,
  origin: string | undefined,
  preflight: boolean,
): Readonly<Record<string, string>> => {
  if (!origin) return {}
  const any = cors.origins.includes('*')
  if (!any && !cors.origins.some((pattern) => matches(pattern, origin.toLowerCase()))) return {}
  const list = (name: string, values: readonly string[]) => (values.length > 0 ? { [name]: values.join(',') } : {})
  return {
    'access-control-allow-origin': any ? '*' : origin,
    ...(!any && { vary: 'Origin' }),
    ...(cors.credentials && { 'access-control-allow-credentials': 'true' }),
    ...list('access-control-expose-headers', cors.exposed),
    ...(preflight && {
      ...list('access-control-allow-methods', cors.methods),
      ...list('access-control-allow-headers', cors.headers),
      ...(cors.maxAgeSeconds !== undefined && { 'access-control-max-age': String(cors.maxAgeSeconds) }),
    }),
  }
}

// `https://*` and `http://*` allow every origin of that scheme.
const matches = (pattern: string, origin: string): boolean =>
  pattern.endsWith('://*') ? origin.startsWith(pattern.slice(0, -1)) : pattern === origin
