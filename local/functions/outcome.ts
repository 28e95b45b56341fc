/**
 * What an invocation ends in, and the errors that Lambda itself makes, in Lambda's words.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
 */
import { AwsError } from '../service.ts'

export type Outcome =
  | { readonly kind: 'answer'; readonly payload: string }
  | { readonly kind: 'error'; readonly functionError: 'Unhandled'; readonly payload: string }

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const limits = {
  requestBytes: 6_291_456,
  /** 6 MB and 100 bytes for Lambda's own envelope. */
  responseBytes: 6_291_556,
  asyncRequestBytes: 1_048_576,
  /** Default concurrency of an account. */
  concurrency: 1000,
} as const

/** An error of the function: `payload` is the JSON that the runtime reported, as it came. */
export const failed = (payload: string): Outcome => ({ kind: 'error', functionError: 'Unhandled', payload })

const platformError = (requestId: string, errorType: string, message: string): Outcome =>
  failed(JSON.stringify({ errorType, errorMessage: `RequestId: ${requestId} Error: ${message}` }))

export const timedOut = (requestId: string, timeoutMs: number): Outcome =>
  platformError(requestId, 'Sandbox.Timedout', `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`)

export const outOfMemory = (requestId: string): Outcome =>
  platformError(requestId, 'Runtime.OutOfMemory', 'Runtime exited with error: signal: killed')

export const exited = (requestId: string, code: number | null, signal: string | null): Outcome => {
  if (code === 0) return platformError(requestId, 'Runtime.ExitError', 'Runtime exited without providing a reason')
  const names: Record<string, string> = { SIGKILL: 'killed', SIGABRT: 'aborted', SIGSEGV: 'segmentation fault' }
  const how = signal ? `signal: ${names[signal] ?? signal}` : `exit status ${code}`
  return platformError(requestId, 'Runtime.ExitError', `Runtime exited with error: ${how}`)
}

export const responseTooLarge = (sizeBytes: number): Outcome =>
  failed(
    JSON.stringify({
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: `Response payload size (${sizeBytes} bytes) exceeded maximum allowed payload size (${limits.responseBytes} bytes).`,
    }),
  )

export const throttled = (reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' | 'CallerRateLimitExceeded') =>
  new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, { Reason: reason, Type: 'User' })

export const requestTooLarge = (limitBytes: number): AwsError =>
  new AwsError(
    'RequestEntityTooLargeException',
    `Request must be smaller than ${limitBytes} bytes for the InvokeFunction operation`,
    413,
    { Type: 'User' },
  )
