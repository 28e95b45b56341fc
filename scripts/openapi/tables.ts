/** The tables of routes in docs/http.md, between markers that name a section. */
import type * as z from 'zod'
import type { Answer, Content } from '../../functions/openapi/operation.ts'
import { queryName } from '../../functions/openapi/parameters.ts'
import { type DocumentedRoute, documentedRoutes } from '../../functions/openapi/sections.ts'
import { byStatus, refusalsOf } from './refusals.ts'
import { createSchemas, type JsonSchema } from './schema.ts'

const schemas = createSchemas()

/** A schema's own name; what comes beside a route's usual answer is described by the route that it belongs to. */
const nameOf = (schema: JsonSchema): string | undefined =>
  typeof schema.$ref === 'string' ? schema.$ref.split('/').at(-1) : undefined

const resolved = (schema: JsonSchema): JsonSchema => {
  const name = nameOf(schema)
  return name === undefined ? schema : (schemas.components()[name] ?? {})
}

/** `{name, title?}` of an object, `{models: [...], next?}` with its lists; the word of any other type. */
const shapeOf = (schema: JsonSchema): string => {
  const { type, properties, required = [], items } = resolved(schema)
  if (type === 'array') return items ? `[${shapeOf(items as JsonSchema)}]` : '[...]'
  if (type !== 'object' || !properties) return 'JSON'
  const members = Object.entries(properties as Record<string, JsonSchema>).map(([name, member]) => {
    const optional = (required as readonly string[]).includes(name) ? '' : '?'
    return `${name}${optional}${resolved(member).type === 'array' ? ': [...]' : ''}`
  })
  return `{${members.join(', ')}}`
}

const words = { bytes: 'bytes', text: 'text' }

const contentOf = (content: Content, side: 'input' | 'output', byName = false): string =>
  Object.entries(content)
    // Only an upload's name comes as plain text: the words above a table say so once.
    .filter(([media]) => side === 'output' || media !== 'text/plain')
    .map(([media, body]: readonly [string, z.ZodType | 'bytes' | 'text']) => {
      if (media !== 'application/json') return `\`${media}\``
      if (typeof body === 'string') return words[body]
      const schema = schemas.schemaOf(body, side)
      return `\`${(byName && nameOf(schema)) || shapeOf(schema)}\``
    })
    .join(' or ')

const usual = 200
const told = ['Location', 'ETag']

const answerOf = ([status, { content, headers = [] }]: readonly [string, Answer], place: number): string => {
  const shown = headers.filter((name) => told.includes(name))
  const parts = [content ? contentOf(content, 'output', place > 0) : '', ...shown].filter(Boolean)
  return [Number(status) === usual && content ? '' : status, parts.join('; ')].filter(Boolean).join(' ')
}

// What the words above the tables say of all routes.
// The column of access says the first.
const ofEveryKey: readonly string[] = ['OWNER_ONLY', 'NOT_FROM_HERE', 'OUT_OF_SCOPE']
const everywhere = [401, 405, 413, 415, 429, 500, 503, 504]

const refusedOf = (route: DocumentedRoute): string => {
  const own = [...byStatus(refusalsOf(route))].filter(([status]) => !everywhere.includes(status))
  return own
    .filter(([status, codes]) => !(status === 403 && codes.every((code) => ofEveryKey.includes(code))))
    .map(([status]) => status)
    .join(' ')
}

const queryOf = ({ operation: { query = [] } }: DocumentedRoute): string =>
  query.length > 0 ? ` Query: ${query.map((name) => `\`${queryName(name)}\``).join(', ')}.` : ''

const cell = (text: string): string => text.replaceAll('|', '\\|')

const cellsOf = (route: DocumentedRoute): readonly string[] => {
  const { method, path, access, operation } = route
  const { request, bodyIsOptional, summary, answers } = operation
  const body = request ? contentOf(request, 'input') + (bodyIsOptional ? ', or none' : '') : ''
  const answer = Object.entries(answers).map(answerOf).join('; or ')
  return [method, `\`${path}\``, access, summary + queryOf(route), body, answer, refusedOf(route)].map(cell)
}

const header = ['verb', 'path', 'access', 'what', 'body', 'answer', 'refused']

/** Columns of one width each, as biome formats a table. */
const aligned = (rows: readonly (readonly string[])[]): string => {
  const widths = header.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)))
  const line = (cells: readonly string[], fill = ' '): string =>
    `| ${widths.map((width, i) => (cells[i] ?? '').padEnd(width, fill)).join(' | ')} |`
  const [first = [], ...others] = rows
  return [line(first), line([], '-'), ...others.map((row) => line(row))].join('\n')
}

const tableOf = (section: string, routes: readonly DocumentedRoute[]): string => {
  const own = routes.filter((route) => route.section === section)
  if (own.length === 0) throw new Error(`docs/http.md: expected routes of section ${section}, there are none`)
  return aligned([header, ...own.map(cellsOf)])
}

const marked = /(<!-- routes of (\w+), written by `npm run docs` -->\n)[\s\S]*?(\n<!-- end -->)/g

/** The markdown with its tables written anew. Throws for a section that has no markers. */
export const withTables = (markdown: string, routes: readonly DocumentedRoute[] = documentedRoutes): string => {
  const shown = new Set<string>()
  const written = markdown.replace(marked, (_, begin: string, section: string, end: string) => {
    shown.add(section)
    return `${begin}\n${tableOf(section, routes)}\n${end}`
  })
  const missing = routes.find(({ section }) => !shown.has(section))
  if (missing) throw new Error(`docs/http.md: expected markers for section ${missing.section}, there are none`)
  return written
}
