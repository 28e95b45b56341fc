import { ApiError, ConnectionError } from '../client/client.ts'
import { Failure } from './failure.ts'
import { commandHints } from './hints.ts'
import { Refused } from './refused.ts'

/** All that the command line says of an error. */
export type Description = {
  readonly code: string
  readonly message: string
  readonly hint: string
  readonly requestId?: string
  /** Why a call was not paid for. */
  readonly reason?: string
  /** When it may be asked again. */
  readonly retryAfterMs?: number
  /** Typical cause, where the error is a known one. */
  readonly cause?: string
  readonly fault: Failure['fault']
  readonly exitCode: number
}

const exitCodeOf = (status: number | undefined): number => {
  if (status === 401 || status === 403) return 3
  if (status === 404) return 4
  if (status === 409 || status === 412) return 5
  if (status === undefined || status === 503) return 6
  return status === 402 ? 7 : 1
}

type Known = { readonly cause: string; readonly hint: string }

const noService: Known = {
  cause: 'no service runs at this address',
  hint: 'start one with "percall start", or name another with --url',
}
const noName: Known = { cause: 'a wrong host name, or no name server within reach', hint: 'check the host in --url' }
const badCertificate: Known = {
  cause: 'a proxy that puts its own certificate before the service',
  hint: "give Node the proxy's certificate with NODE_EXTRA_CA_CERTS=FILE",
}
const noAccess: Known = { cause: 'a file or folder that belongs to another user', hint: 'check its owner and its mode' }
const noFile: Known = { cause: 'a misspelt path, or another working folder', hint: 'check the path' }
const expired: Known = { cause: 'AWS credentials that have expired', hint: 'sign in again, then repeat the command' }
const skewed: Known = { cause: 'a clock that is minutes off', hint: "set this machine's clock" }

const known: Readonly<Record<string, Known>> = {
  ECONNREFUSED: noService,
  ENOTFOUND: noName,
  EAI_AGAIN: noName,
  SELF_SIGNED_CERT_IN_CHAIN: badCertificate,
  DEPTH_ZERO_SELF_SIGNED_CERT: badCertificate,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: badCertificate,
  EACCES: noAccess,
  EPERM: noAccess,
  ENOENT: noFile,
  EISDIR: { cause: 'a folder where a file was expected', hint: 'name the file itself' },
  EADDRINUSE: { cause: 'another service at this port', hint: 'stop it, or take another with --port' },
  ExpiredToken: expired,
  ExpiredTokenException: expired,
  CredentialsProviderError: { cause: 'no AWS credentials', hint: 'set AWS_PROFILE, or sign in' },
  RequestTimeTooSkewed: skewed,
  InvalidSignatureException: skewed,
}

const codeOf = (thrown: Error): string => {
  const { code } = thrown as { code?: unknown }
  return typeof code === 'string' ? code : thrown.name
}

const ofApi = (error: ApiError): Description => {
  const cause = known[error.code]
  const unreachable = error instanceof ConnectionError
  return {
    code: error.code,
    message: error.message,
    hint: commandHints[error.code] ?? error.hint ?? cause?.hint ?? 'check --url and the network, then try again',
    ...(error.requestId !== undefined && { requestId: error.requestId }),
    ...(error.reason !== undefined && { reason: error.reason }),
    ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
    ...(cause && { cause: cause.cause }),
    fault: unreachable || (error.status ?? 0) < 500 ? 'yours' : "the service's",
    exitCode: exitCodeOf(error.status),
  }
}

/** Any thrown value -> what to print and how to exit. */
export const describeError = (thrown: unknown): Description => {
  if (thrown instanceof Refused) return { ...describeError(thrown.cause), message: thrown.message, hint: thrown.hint }
  if (thrown instanceof ApiError) return ofApi(thrown)
  if (thrown instanceof Failure) {
    const { code, message, hint, exitCode, fault } = thrown
    return { code, message, hint, fault, exitCode }
  }
  if (!(thrown instanceof Error)) return describeError(new Error(String(thrown)))
  const code = codeOf(thrown)
  const cause = known[code]
  return {
    code,
    message: thrown.message,
    hint:
      commandHints[code] ??
      cause?.hint ??
      ('hint' in thrown ? String(thrown.hint) : 'percall --help shows the commands and their options'),
    ...(cause && { cause: cause.cause }),
    // An error that nobody foresaw is a fault of the command line itself.
    fault: cause || 'hint' in thrown ? 'yours' : "the service's",
    exitCode: 1,
  }
}
