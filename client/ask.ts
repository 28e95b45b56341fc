import type { CallBody, CallFacts } from './bodies.ts'
import type { Answer, Client } from './client.ts'
import { newKey } from './idempotency-key.ts'
import { sendUpload } from './uploads.ts'

/** A call of a model before it is sent: its request, and how its answer is read. */
export type Question<Result> = {
  readonly path: string
  readonly query?: Readonly<Record<string, string | undefined>>
  /** With a content type; they stay those of the body when it goes as an upload. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
  readonly read: (answer: Answer<Uint8Array>) => Result
}

export type CallOptions = {
  readonly signal?: AbortSignal | undefined
  /** Of one try, instead of the client's. */
  readonly timeoutMs?: number
  /** A new one for each call by default, the same over all its tries. One of your own outlives your process: within 24 h it gets the same answer, charged once. */
  readonly idempotencyKey?: string | undefined
}

// The gateway's 6 MB hold 4.5 MB of bytes as base64, and less of a JSON that must be escaped.
const mostInlineBytes = 4 * 1024 * 1024

/** The body itself, or the name of the upload that holds it. */
export const contentOf = async (
  client: Client,
  { body, headers }: Question<unknown>,
  signal: AbortSignal | undefined,
): Promise<string | Uint8Array> => {
  // A character is at most 3 bytes of UTF-8.
  if (typeof body === 'string' ? body.length * 3 <= mostInlineBytes : body.length <= mostInlineBytes) return body
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  if (bytes.length <= mostInlineBytes) return body
  const [contentType = ''] = (headers['content-type'] ?? 'application/octet-stream').split(';')
  return `upload:${await sendUpload(client, contentType, bytes, '/v1/uploads', signal)}`
}

export const sendQuestion = async (
  client: Client,
  question: Question<unknown>,
  { signal, timeoutMs, idempotencyKey = newKey() }: CallOptions,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer<Uint8Array>> => {
  const body = await contentOf(client, question, signal)
  return await client.request<Uint8Array>('POST', question.path, {
    body,
    headers: { ...question.headers, ...headers },
    idempotencyKey,
    as: 'bytes',
    signal,
    timeoutMs,
    ...(question.query && { query: question.query }),
  })
}

/** What an answer says in its headers; of a stored one that came without them, what its call says. */
export const factsOf = ({ headers, requestId }: Answer, call?: CallBody): CallFacts => ({
  requestId: headers.get('percall-original-request-id') ?? requestId,
  version: headers.get('percall-version') ?? (call ? `${call.model}/${call.version}` : ''),
  units: Number(headers.get('percall-units') ?? call?.units ?? 0),
  cost: headers.get('percall-cost') ?? call?.cost ?? '0',
  cold: headers.get('percall-cold') === '1',
})

/** Sends a call and reads its answer. */
export const ask = async <Result extends object>(
  client: Client,
  question: Question<Result>,
  options: CallOptions = {},
): Promise<Result & CallFacts> => {
  const answer = await sendQuestion(client, question, options)
  return { ...question.read(answer), ...factsOf(answer) }
}

const utf8 = new TextDecoder()

export const textOf = ({ body }: Answer<Uint8Array>): string => utf8.decode(body)
