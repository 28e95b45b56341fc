import type { MiddlewareObj } from '@middy/core'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { PercallError } from '../../src/errors.ts'
import { openAiError, speaksOpenAi } from '../../src/openai-error.ts'
import { bounded, problemBody, toRefusal } from '../../src/problem-body.ts'

/** The body and its media type as the path's clients read them. */
const bodyOf = ({ rawPath, headers, requestContext }: APIGatewayProxyEventV2, refusal: PercallError) => {
  const { status, code, hint, message } = refusal
  if (speaksOpenAi(rawPath))
    return { type: 'application/json', value: openAiError({ status, code, hint, message: bounded(message) }) }
  const type = wantsPlainJson(headers.accept) ? 'application/json' : 'application/problem+json'
  return { type, value: problemBody(refusal, requestContext.requestId) }
}

const wantsPlainJson = (accept = ''): boolean =>
  /application\/json/i.test(accept) && !/application\/problem\+json/i.test(accept)

const retryAfterSeconds = 1
const again: readonly string[] = ['NOT_READY', 'LEDGER_BUSY']

/** The response of a refusal. */
export const problemResponse = (
  event: APIGatewayProxyEventV2,
  thrown: unknown,
  headers: Readonly<Record<string, string>> = {},
): APIGatewayProxyStructuredResultV2 => {
  const refusal = toRefusal(thrown)
  const { requestId } = event.requestContext
  const { type, value } = bodyOf(event, refusal)
  return {
    statusCode: refusal.status,
    headers: {
      'content-type': type,
      'percall-request-id': requestId,
      ...(again.includes(refusal.code) && { 'retry-after': String(retryAfterSeconds) }),
      // It may be charged already, and only a key makes it safe to repeat. OpenAI's clients and ours obey this header.
      ...(refusal.code === 'OUTCOME_UNKNOWN' && !event.headers['idempotency-key'] && { 'x-should-retry': 'false' }),
      ...refusal.headers,
      ...headers,
    },
    body: JSON.stringify(value),
  }
}

/** The one door of errors: turns a throw into the one error body with the status of its code. */
export const problem = (): MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> => ({
  onError: (request) => {
    request.response = problemResponse(request.event, request.error)
  },
})
