import { type Coding, inflate } from '../../adapters/aws/compression.ts'
import { PercallError } from '../../src/errors.ts'
import type { RouteRequest } from '../route.ts'

const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

const jsonType = /^application\/(?:[\w.+-]+\+)?json$/

// Five times what the gateway lets through; parsed, that many bytes of JSON stay well below a function's memory.
const mostInflatedBytes = 32 * 1024 * 1024

/** RFC 9110 8.4.1.3: x-gzip is gzip. */
const codings: ReadonlyMap<string, Coding> = new Map([
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['deflate', 'deflate'],
])

type Received = Pick<RouteRequest, 'headers' | 'body'>

/** The media type without parameters, in lower case; empty when the caller names none. */
export const mediaType = ({ headers }: Pick<Received, 'headers'>): string => {
  const header = headers['content-type'] ?? ''
  // As nearly every caller writes it.
  if (header === 'application/json') return header
  return header.split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

/**
 * The body's bytes, inflated where content-encoding says so. Call it behind the check of the key.
 * Throws WRONG_MEDIA_TYPE for another coding, TOO_LARGE beyond 32 MiB, BAD_REQUEST for a broken stream.
 */
export const bodyBytes = ({ headers, body }: Received): Uint8Array => {
  const name = headers['content-encoding']?.trim().toLowerCase() || 'identity'
  if (name === 'identity') return body
  const coding = codings.get(name)
  if (!coding)
    throw new PercallError('WRONG_MEDIA_TYPE', `content-encoding: expected gzip, deflate or none, got ${name}`)
  const inflated = inflate(body, coding, mostInflatedBytes)
  if (inflated.kind === 'too large')
    throw new PercallError('TOO_LARGE', `body: expected at most ${mostInflatedBytes} bytes inflated, got more`)
  if (inflated.kind === 'broken')
    throw new PercallError('BAD_REQUEST', `body: expected ${name}, got a broken stream: ${inflated.reason}`)
  return inflated.bytes
}

/** Throws BAD_JSON for bytes that are not UTF-8. */
export const utf8Text = (bytes: Uint8Array): string => {
  try {
    return strictUtf8.decode(bytes)
  } catch (cause) {
    throw new PercallError('BAD_JSON', 'body: expected UTF-8, got other bytes', { cause })
  }
}

// `curl -d` without a header names this type, and the quick starts of every inference server show it so.
const curlsType = 'application/x-www-form-urlencoded'

const wrongType = (type: string): PercallError =>
  new PercallError('WRONG_MEDIA_TYPE', `content-type: expected application/json, got ${type}`)

const isJson = (type: string, text: string): boolean =>
  type === '' || jsonType.test(type) || (type === curlsType && /^\s*\{/.test(text))

/**
 * The text of a JSON body, inflated; a missing content type is taken for JSON, and so is curl's own for an object.
 * Throws WRONG_MEDIA_TYPE for another type, BAD_JSON for bytes that are not UTF-8, and what bodyBytes throws.
 */
export const jsonText = (request: Received): string => {
  const type = mediaType(request)
  if (type !== '' && type !== curlsType && !jsonType.test(type)) throw wrongType(type)
  const text = utf8Text(bodyBytes(request))
  if (!isJson(type, text)) throw wrongType(type)
  return text
}
