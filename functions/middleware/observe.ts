import type { MiddlewareObj } from '@middy/core'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { PercallError } from '../../src/errors.ts'

type Line = Readonly<Record<string, unknown>>

const causeOf = (thrown: unknown): Line => {
  if (!(thrown instanceof Error)) return { error: String(thrown) }
  const { cause } = thrown
  return { error: thrown.stack, ...(cause instanceof Error && { cause: cause.stack }) }
}

type Ended = {
  readonly event: APIGatewayProxyEventV2
  readonly response: APIGatewayProxyStructuredResultV2 | null | undefined
  readonly error: Error | null | undefined
}

const lineOf = ({ event, response, error }: Ended, durationMs: number): Line => {
  const status = response?.statusCode ?? 500
  return {
    level: status >= 500 ? 'ERROR' : 'INFO',
    requestId: event.requestContext.requestId,
    method: event.requestContext.http.method,
    path: event.rawPath,
    status,
    durationMs: Math.round(durationMs * 1000) / 1000,
    ...(error instanceof PercallError && { code: error.code }),
    ...(status >= 500 && error && causeOf(error)),
  }
}

/** One JSON log line a request: what was asked, how it ended, how long it took; a 5xx with its cause. No bodies, no keys. */
export const observe = (
  log: (line: string) => void = console.log,
): MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> => {
  let beganAtMs = 0
  const write = (ended: Ended): void => log(JSON.stringify(lineOf(ended, performance.now() - beganAtMs)))
  return {
    // An environment serves one request at a time, so one variable is enough.
    before: () => {
      beganAtMs = performance.now()
    },
    after: write,
    onError: write,
  }
}
