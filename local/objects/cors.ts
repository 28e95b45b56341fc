/**
 * CORS as S3 answers it. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
 */
import type { CorsRule } from './bucket.ts'

type Headers = Readonly<Record<string, string>>

/** Headers that let the request's origin read the answer; undefined when no rule allows it. `method` is the real one. */
export function corsHeaders(rules: readonly CorsRule[], method: string, request: Headers): Headers | undefined {
  const { origin } = request
  if (origin === undefined) return undefined
  const asked = (request['access-control-request-headers'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
  const rule = rules.find(
    ({ origins, methods, headers }) =>
      methods.includes(method) &&
      origins.some((pattern) => matches(pattern, origin)) &&
      asked.every((name) => headers.some((pattern) => matches(pattern.toLowerCase(), name))),
  )
  if (!rule) return undefined
  const any = rule.origins.includes('*')
  return {
    'access-control-allow-origin': any ? '*' : origin,
    'access-control-allow-methods': rule.methods.join(', '),
    ...(asked.length > 0 && { 'access-control-allow-headers': asked.join(', ') }),
    ...(rule.exposed.length > 0 && { 'access-control-expose-headers': rule.exposed.join(', ') }),
    ...(rule.maxAgeS !== undefined && { 'access-control-max-age': String(rule.maxAgeS) }),
    ...(!any && { 'access-control-allow-credentials': 'true' }),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  }
}

// A pattern of S3 has at most one asterisk.
function matches(pattern: string, text: string): boolean {
  const star = pattern.indexOf('*')
  if (star < 0) return pattern === text
  const [start, end] = [pattern.slice(0, star), pattern.slice(star + 1)]
  return text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end)
}
