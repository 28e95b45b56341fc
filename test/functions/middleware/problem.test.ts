import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { expect, test } from 'vitest'
import { problemResponse } from '../../../functions/middleware/problem.ts'
import { type ErrorCode, PercallError } from '../../../src/errors.ts'

// The members that a refusal reads; the gateway sends more.
const event = { headers: {}, requestContext: { requestId: 'r1' } } as unknown as APIGatewayProxyEventV2

test.for<[ErrorCode, string | undefined, string | undefined]>([
  ['NOT_READY', '1', undefined],
  // The call may be charged already: whoever repeats it by rote may pay twice.
  ['OUTCOME_UNKNOWN', undefined, 'false'],
  ['BAD_JSON', undefined, undefined],
])('%s -> Retry-After %s, X-Should-Retry %s', ([code, retryAfter, shouldRetry]) => {
  const { headers = {} } = problemResponse(event, new PercallError(code, 'text'))
  expect([headers['retry-after'], headers['x-should-retry']]).toEqual([retryAfter, shouldRetry])
})
