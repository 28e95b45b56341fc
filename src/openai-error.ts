import type { ErrorCode } from './errors.ts'

/** https://platform.openai.com/docs/guides/error-codes */
export type OpenAiError = {
  readonly error: {
    readonly message: string
    readonly type: string
    /** The member of the body at fault. */
    readonly param: string | null
    readonly code: string
  }
}

const routes = /^\/v1\/(?:embeddings|chat)(?:\/|$)/

/** Whether the clients of a path read OpenAI's errors. */
export const speaksOpenAi = (path: string): boolean => routes.test(path)

const types: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'insufficient_quota',
  403: 'permission_error',
  429: 'rate_limit_error',
}

const leastServerError = 500

const typeOf = (status: number): string =>
  types[status] ?? (status >= leastServerError ? 'server_error' : 'invalid_request_error')

/** Words of OpenAI's own that programs branch on; every other code is ours in lower case. */
const codes: Partial<Readonly<Record<ErrorCode, string>>> = {
  KEY_MISSING: 'invalid_api_key',
  KEY_UNKNOWN: 'invalid_api_key',
  KEY_EXPIRED: 'invalid_api_key',
  KEY_REVOKED: 'invalid_api_key',
  UNKNOWN_MODEL: 'model_not_found',
  UNKNOWN_VERSION: 'model_not_found',
  UNKNOWN_ALIAS: 'model_not_found',
  UNKNOWN_ROUTE: 'unknown_url',
  TOO_MANY_TOKENS: 'context_length_exceeded',
}

const aboutModel: ReadonlySet<ErrorCode> = new Set([
  'UNKNOWN_MODEL',
  'UNKNOWN_VERSION',
  'UNKNOWN_ALIAS',
  'NOT_GRANTED',
  'WRONG_TASK',
])

/** Messages about a body begin with where in it: `body.input.3: expected ...`. */
const paramOf = (code: ErrorCode, message: string): string | null =>
  aboutModel.has(code) ? 'model' : (/^body\.([\w.]+):/.exec(message)?.[1] ?? null)

type Refusal = { readonly status: number; readonly code: ErrorCode; readonly message: string; readonly hint: string }

/** A refusal as OpenAI's clients read it; the message ends with the caller's next step. */
export const openAiError = ({ status, code, message, hint }: Refusal): OpenAiError => ({
  error: {
    message: `${message}; ${hint}`,
    type: typeOf(status),
    param: paramOf(code, message),
    code: codes[code] ?? code.toLowerCase(),
  },
})
