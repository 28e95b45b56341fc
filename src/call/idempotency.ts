import { PercallError } from '../errors.ts'

/** What a caller's Idempotency-Key stands for: one request of one consumer, for a day. */
export type IdempotencyRecord = {
  readonly consumerId: string
  readonly key: string
  /** Hash of all that makes the request; any difference is another request. */
  readonly fingerprint: string
  /** Whose grant a repetition needs as the first request did. */
  readonly model: string
  /** Names the attempt that put it. */
  readonly nonce: string
  /** Seconds since 1970: from then on another request may have the key. Also when DynamoDB may delete it. */
  readonly expires: number
  readonly answer: RecordedAnswer
}

/** An answer as it left, to be sent again byte by byte. */
export type RecordedAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Longer bodies lie in S3, at `key`. */
  readonly body: { readonly text: string } | { readonly base64: string } | { readonly key: string }
  /** The call that was accepted to be answered later: sending this again has a worker take it up again. */
  readonly callId?: string
}

/** The record that a keyed write met, judged live by the time of that write. */
export type Recorded = { readonly kind: 'recorded'; readonly by: IdempotencyRecord }

/** A key that a caller sent, and the request that it sent it with. */
export type Keyed = { readonly consumerId: string; readonly key: string; readonly fingerprint: string }

const lifeSeconds = 24 * 3600
const msPerSecond = 1000

export const expiresOf = (nowMs: number): number => Math.ceil(nowMs / msPerSecond) + lifeSeconds

/** DynamoDB deletes expired items days late: whether one is live is decided by its time. */
export const isLive = ({ expires }: Pick<IdempotencyRecord, 'expires'>, nowMs: number): boolean =>
  expires > Math.floor(nowMs / msPerSecond)

/** Throws IDEMPOTENCY_KEY_REUSED when the record is of another request. */
export const requireSameRequest = ({ key, fingerprint }: Keyed, record: IdempotencyRecord): IdempotencyRecord => {
  if (record.fingerprint === fingerprint) return record
  throw new PercallError(
    'IDEMPOTENCY_KEY_REUSED',
    `idempotency-key ${key}: expected the request it was first sent with, got one that differs in path, query, headers or body`,
  )
}

// draft-ietf-httpapi-idempotency-key-header-07 has a structured-field string (RFC 9651 3.3.3); most clients send it bare.
const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/
const bare = /^[\x21-\x7e]+$/
/** As Stripe's: https://docs.stripe.com/api/idempotent_requests */
const mostCharacters = 255

/** The key of a header's value, without its quotes. Throws BAD_REQUEST for an empty or long one, or other characters than visible ASCII. */
export const parseIdempotencyKey = (value: string): string => {
  const text = value.trim()
  const inside = quoted.exec(text)?.[1]?.replace(/\\(["\\])/g, '$1')
  const key = inside ?? (bare.test(text) && !text.startsWith('"') ? text : '')
  if (key === '' || key.length > mostCharacters)
    throw new PercallError(
      'BAD_REQUEST',
      `idempotency-key: expected 1 to ${mostCharacters} visible ASCII characters, bare or in double quotes, got ${text.length} characters`,
    )
  return key
}
