/**
 * The HTTP answer from what a function returned, by the rules of payload format 2.0.
 * Without statusCode the whole value is the body of a 200 in JSON. Does not: `multiValueHeaders`, which belongs to 1.0.
 */
export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  /** Text is written with the headers in one piece. */
  readonly body: string | Buffer
}

/** An answer of the gateway itself: `{"message": ...}`. */
export const message = (status: number, text: string): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message: text }),
})

/** Payload as the function's JSON. A shape that AWS cannot use gives undefined, which callers see as 500. */
export const answerOf = (payload: string): Answer | undefined => {
  const value: unknown = JSON.parse(payload)
  if (!isRecord(value) || value.statusCode === undefined) {
    const body = typeof value === 'string' ? value : payload
    return { status: 200, headers: { 'content-type': 'application/json' }, body }
  }
  const { statusCode, headers = {}, body = '', isBase64Encoded = false, cookies } = value
  const status = Number(statusCode)
  if (!Number.isInteger(status) || status < 200 || status > 599 || !isRecord(headers)) return undefined
  if (typeof body !== 'string' && body !== null) return undefined
  const given: Record<string, string | readonly string[]> = {}
  for (const [name, header] of Object.entries(headers)) {
    if (typeof header === 'object') return undefined
    given[name.toLowerCase()] = String(header)
  }
  if (cookies !== undefined) {
    if (!Array.isArray(cookies)) return undefined
    given['set-cookie'] = cookies.map(String)
  }
  given['content-type'] ??= 'text/plain;charset=UTF-8'
  for (const name of ownedByGateway) delete given[name]
  return { status, headers: given, body: isBase64Encoded ? Buffer.from(body ?? '', 'base64') : (body ?? '') }
}

// The gateway frames the message; a function's own values would break it.
const ownedByGateway = ['content-length', 'connection', 'transfer-encoding', 'keep-alive', 'upgrade']

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
