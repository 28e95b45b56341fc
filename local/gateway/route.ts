/**
 * Route keys of HTTP APIs and which of them a request takes.
 * Order: a full match of method and path, then a greedy path variable, then $default; among routes that match, literal
 * segments before variables, from left to right, and a named method before ANY.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'variable' | 'greedy'; readonly name: string }

export type RoutePattern =
  | { readonly kind: 'default' }
  | { readonly kind: 'path'; readonly method: string; readonly segments: readonly Segment[] }

const methods = ['ANY', 'GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** `$default`, or `{METHOD} /path/{variable}/{greedy+}`. Throws on what AWS refuses at deployment. */
export const parseRouteKey = (key: string): RoutePattern => {
  if (key === '$default') return { kind: 'default' }
  const [, method, path] = /^([A-Z]+) (\/\S*)$/.exec(key) ?? []
  if (!method || !path || !methods.includes(method)) throw new Error(`route ${key}: expected METHOD /path or $default`)
  const texts = path.slice(1).split('/')
  const segments = texts.map((text, index): Segment => {
    const [, name, plus] = /^\{([\w.:-]+)(\+?)\}$/.exec(text) ?? []
    if (name && plus && index < texts.length - 1) throw new Error(`route ${key}: {${name}+} must be the last segment`)
    if (name) return { kind: plus ? 'greedy' : 'variable', name }
    if (/[{}]/.test(text)) throw new Error(`route ${key}: a path variable must be a whole segment, got ${text}`)
    return { kind: 'literal', text }
  })
  return { kind: 'path', method, segments }
}

export type Match<R> = { readonly route: R; readonly pathParameters: Readonly<Record<string, string>> }

/** The route that takes a request; `path` is decoded and begins with a slash. */
export const matchRoute = <R extends { readonly pattern: RoutePattern }>(
  routes: readonly R[],
  method: string,
  path: string,
): Match<R> | undefined => {
  const texts = path.slice(1).split('/')
  let best: (Match<R> & { rank: string }) | undefined
  for (const route of routes) {
    const found = matchPattern(route.pattern, method, texts)
    if (found && (!best || found.rank < best.rank)) best = { route, ...found }
  }
  return best && { route: best.route, pathParameters: best.pathParameters }
}

// One letter a segment, so that comparing two ranks as text compares segment by segment; the method decides last.
const ranks = { literal: 'a', variable: 'b', greedy: 'y', default: 'z' } as const

const matchPattern = (pattern: RoutePattern, method: string, texts: readonly string[]) => {
  if (pattern.kind === 'default') return { rank: ranks.default, pathParameters: {} }
  if (pattern.method !== 'ANY' && pattern.method !== method) return undefined
  const { segments } = pattern
  const isGreedy = segments.at(-1)?.kind === 'greedy'
  if (isGreedy ? texts.length < segments.length : texts.length !== segments.length) return undefined
  const pathParameters: Record<string, string> = {}
  for (const [index, segment] of segments.entries()) {
    const text = segment.kind === 'greedy' ? texts.slice(index).join('/') : texts[index]!
    if (segment.kind === 'literal' ? segment.text !== text : text === '') return undefined
    if (segment.kind !== 'literal') pathParameters[segment.name] = text
  }
  // Full matches come before greedy ones as a whole, whatever their segments.
  const rank = (isGreedy ? 'm' : 'c') + segments.map(({ kind }) => ranks[kind]).join('')
  return { rank: `${rank}${pattern.method === 'ANY' ? '2' : '1'}`, pathParameters }
}
