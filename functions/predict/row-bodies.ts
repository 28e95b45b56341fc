import type { RowsBody } from '../../src/call/instances.ts'
import { PercallError } from '../../src/errors.ts'
import { bodyBytes, jsonText, mediaType } from '../middleware/decode.ts'
import { requireUnbroken } from '../middleware/unbroken.ts'
import type { RouteRequest } from '../route.ts'

type RowFormat = RowsBody['kind']

// The byte order mark stays: the answer begins with it as the input did.
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const parametersOf = (contentType: string): ReadonlyMap<string, string> =>
  new Map(
    contentType
      .toLowerCase()
      .split(';')
      .slice(1)
      .map((parameter) => parameter.split('=', 2).map((part) => part.trim().replace(/^"|"$/g, '')))
      .map(([name = '', value = '']) => [name, value]),
  )

/** RFC 4180: text/csv has a charset and says whether a header is there. */
const requireReadable = (contentType: string): void => {
  const parameters = parametersOf(contentType)
  const charset = parameters.get('charset') ?? 'utf-8'
  if (!/^(?:utf-?8|us-ascii)$/.test(charset))
    throw new PercallError('WRONG_MEDIA_TYPE', `content-type: expected charset=utf-8, got ${charset}`)
  if (parameters.get('header') === 'absent')
    throw new PercallError('WRONG_MEDIA_TYPE', 'content-type: expected a header with the columns, got header=absent')
}

const csvText = (request: RouteRequest): string => {
  requireReadable(request.headers['content-type'] ?? '')
  try {
    return strictUtf8.decode(requireUnbroken(bodyBytes(request)))
  } catch (cause) {
    if (cause instanceof PercallError) throw cause
    throw new PercallError('BAD_TABLE', 'csv: expected UTF-8, got other bytes', { cause })
  }
}

/** The weight that Accept gives a media type by its own name; undefined where it does not name it. RFC 9110 12.5.1. */
const weightOf = (accept: string, type: string): number | undefined => {
  const range = accept.split(',').find((part) => part.split(';', 1)[0]?.trim() === type)
  if (range === undefined) return undefined
  const weight = /;\s*q=([\d.]+)/.exec(range)?.[1]
  return weight === undefined ? 1 : Number(weight)
}

/** The answer is of the body's kind unless Accept names the other, and names it no lower. */
const answerKind = (kind: RowFormat, accept = ''): RowFormat => {
  const csv = weightOf(accept.toLowerCase(), 'text/csv')
  const json = weightOf(accept.toLowerCase(), 'application/json')
  if ((csv ?? 0) === (json ?? 0)) return kind
  return (csv ?? 0) > (json ?? 0) ? 'csv' : 'json'
}

/** The rows of a request, and the format of their answer. Throws WRONG_MEDIA_TYPE, BAD_JSON, BAD_TABLE. */
export const rowsBody = (request: RouteRequest): RowsBody => {
  const kind: RowFormat = mediaType(request) === 'text/csv' ? 'csv' : 'json'
  const text = kind === 'csv' ? csvText(request) : jsonText(request)
  return { kind, text, answer: answerKind(kind, request.headers.accept) }
}
