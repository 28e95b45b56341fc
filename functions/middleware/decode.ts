import { PercallError } from '../../src/errors.ts'
import type { RouteRequest } from '../route.ts'

const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

const jsonType = /^application\/(?:[\w.+-]+\+)?json$/

/** The media type without parameters, in lower case; empty when the caller names none. */
export const mediaType = ({ headers }: RouteRequest): string =>
  (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''

/**
 * The text of a JSON body; a missing content type is taken for JSON.
 * Throws WRONG_MEDIA_TYPE for another type or an encoded body, BAD_JSON for bytes that are not UTF-8.
 */
export const jsonText = (request: RouteRequest): string => {
  const type = mediaType(request)
  if (type !== '' && !jsonType.test(type))
    throw new PercallError('WRONG_MEDIA_TYPE', `content-type: expected application/json, got ${type}`)
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity')
    throw new PercallError('WRONG_MEDIA_TYPE', `content-encoding: expected none, got ${encoding}`)
  if (request.headers['inference-header-content-length'] !== undefined)
    throw new PercallError('WRONG_MEDIA_TYPE', 'inference-header-content-length: expected tensors in JSON, got binary')
  try {
    return strictUtf8.decode(request.body)
  } catch (cause) {
    throw new PercallError('BAD_JSON', 'body: expected UTF-8, got other bytes', { cause })
  }
}
