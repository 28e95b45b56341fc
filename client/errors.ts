/** What is known of an answer that is an error. */
export type ErrorFields = {
  readonly status?: number
  /** A code of docs/errors.md; of a gateway's own answer, the code of its status. */
  readonly code: string
  readonly hint?: string | undefined
  readonly requestId?: string | undefined
  /** How long the service asked to wait, where it did. */
  readonly retryAfterMs?: number | undefined
  /** Of a 402: `balance`, `cap` or `key limit`. */
  readonly reason?: string | undefined
}

/** Every error of the client. Each status has its own class below. */
export class ApiError extends Error {
  // Written out in each class: a minifier shortens the names of classes.
  override readonly name: string = 'ApiError'
  readonly status: number | undefined
  readonly code: string
  readonly hint: string | undefined
  readonly requestId: string | undefined
  readonly retryAfterMs: number | undefined
  readonly reason: string | undefined

  constructor(
    message: string,
    { status, code, hint, requestId, retryAfterMs, reason }: ErrorFields,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.status = status
    this.code = code
    this.hint = hint
    this.requestId = requestId
    this.retryAfterMs = retryAfterMs
    this.reason = reason
  }
}

/** No answer came: name, route, certificate, refused connection, broken connection. */
export class ConnectionError extends ApiError {
  override readonly name: string = 'ConnectionError'
}
/** No answer came within the time of one try. */
export class TimeoutError extends ConnectionError {
  override readonly name: string = 'TimeoutError'
}

/** A batch that failed as a whole, or was cancelled. */
export class BatchError extends ApiError {
  override readonly name: string = 'BatchError'
}

export class BadRequestError extends ApiError {
  override readonly name: string = 'BadRequestError'
}
export class UnauthorizedError extends ApiError {
  override readonly name: string = 'UnauthorizedError'
}
export class PaymentRequiredError extends ApiError {
  override readonly name: string = 'PaymentRequiredError'
}
export class ForbiddenError extends ApiError {
  override readonly name: string = 'ForbiddenError'
}
export class NotFoundError extends ApiError {
  override readonly name: string = 'NotFoundError'
}
export class WrongVerbError extends ApiError {
  override readonly name: string = 'WrongVerbError'
}
export class ConflictError extends ApiError {
  override readonly name: string = 'ConflictError'
}
export class PreconditionFailedError extends ApiError {
  override readonly name: string = 'PreconditionFailedError'
}
export class TooLargeError extends ApiError {
  override readonly name: string = 'TooLargeError'
}
export class WrongMediaTypeError extends ApiError {
  override readonly name: string = 'WrongMediaTypeError'
}
export class UnprocessableError extends ApiError {
  override readonly name: string = 'UnprocessableError'
}
export class TooManyRequestsError extends ApiError {
  override readonly name: string = 'TooManyRequestsError'
}
export class InternalError extends ApiError {
  override readonly name: string = 'InternalError'
}
export class NotImplementedError extends ApiError {
  override readonly name: string = 'NotImplementedError'
}
export class UnavailableError extends ApiError {
  override readonly name: string = 'UnavailableError'
}
export class GatewayTimeoutError extends ApiError {
  override readonly name: string = 'GatewayTimeoutError'
}

type StatusLine = { readonly error: typeof ApiError; readonly code: string; readonly hint: string }

/** Class of a status, with the code and hint of an answer that carries none, as the gateway's own do. */
const byStatus: Readonly<Record<number, StatusLine>> = {
  400: { error: BadRequestError, code: 'BAD_REQUEST', hint: 'compare the request with docs/http.md' },
  401: { error: UnauthorizedError, code: 'KEY_MISSING', hint: 'check the key' },
  402: { error: PaymentRequiredError, code: 'PAYMENT_REQUIRED', hint: 'ask the owner for credit' },
  403: { error: ForbiddenError, code: 'NOT_GRANTED', hint: 'ask the owner for a grant' },
  404: { error: NotFoundError, code: 'UNKNOWN_ROUTE', hint: 'check the URL: is this a Percall service?' },
  405: { error: WrongVerbError, code: 'WRONG_VERB', hint: 'the Allow header lists the verbs of this route' },
  409: { error: ConflictError, code: 'CONFLICT', hint: 'read the thing again, then decide' },
  410: { error: NotFoundError, code: 'ANSWER_GONE', hint: 'send the request as a new call' },
  412: { error: PreconditionFailedError, code: 'STALE', hint: 'read it again and send its ETag as If-Match' },
  413: { error: TooLargeError, code: 'TOO_LARGE', hint: 'send fewer rows, or use an upload' },
  415: { error: WrongMediaTypeError, code: 'WRONG_MEDIA_TYPE', hint: 'docs/http.md lists the media types' },
  422: { error: UnprocessableError, code: 'UNPROCESSABLE', hint: 'take a new idempotency key for another request' },
  429: { error: TooManyRequestsError, code: 'RATE_LIMITED', hint: 'wait, then try again' },
  500: { error: InternalError, code: 'INTERNAL', hint: 'try again; if it stays, send the request id to the owner' },
  501: { error: NotImplementedError, code: 'NOT_IMPLEMENTED', hint: 'docs/http.md lists what the service can do' },
  503: { error: UnavailableError, code: 'NOT_READY', hint: 'try again in a while' },
  504: { error: GatewayTimeoutError, code: 'TIMED_OUT', hint: 'send fewer rows' },
}

const lineOf = (status: number): StatusLine => byStatus[status] ?? byStatus[status < 500 ? 400 : 500]!

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

type Fields = Readonly<Record<string, unknown>>

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? { ...value } : {})

/** OpenAI's words for codes of docs/errors.md; its other codes are ours in lower case. */
const openAiCodes: Readonly<Record<string, string>> = {
  invalid_api_key: 'KEY_UNKNOWN',
  model_not_found: 'UNKNOWN_MODEL',
  context_length_exceeded: 'TOO_MANY_TOKENS',
  unknown_url: 'UNKNOWN_ROUTE',
}

/** Message and code of OpenAI's object, whose message ends with the next step. */
const openAiFields = (error: Fields): Fields => {
  const code = textOf(error.code)
  return { error: error.message, code: code && (openAiCodes[code] ?? code.toUpperCase()) }
}

/**
 * The error of an answer. `body` is the parsed JSON, or its text where it is none. Reads the service's own body
 * (`error`, `code`, `hint`, `requestId`), OpenAI's object and the gateway's `{"message"}` alike.
 */
export const errorOf = (
  status: number,
  headers: Headers,
  body: unknown,
  retryAfterMs: number | undefined,
): ApiError => {
  const { error: StatusError, code, hint } = lineOf(status)
  const own = fieldsOf(body)
  const fields = typeof own.error === 'object' ? openAiFields(fieldsOf(own.error)) : own
  const said = textOf(fields.error) ?? textOf(fields.detail) ?? textOf(fields.message) ?? textOf(fields.Message)
  const requestId = textOf(fields.requestId) ?? headers.get('percall-request-id') ?? headers.get('apigw-requestid')
  return new StatusError(said ?? `the service answered ${status} without saying why`, {
    status,
    code: textOf(fields.code) ?? code,
    hint: textOf(fields.hint) ?? hint,
    requestId: requestId ?? undefined,
    retryAfterMs,
    reason: textOf(fields.reason),
  })
}
