import type { MiddlewareObj } from '@middy/core'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { PercallError } from '../../src/errors.ts'
import { openAiError, speaksOpenAi } from '../../src/openai-error.ts'

// A caller's own words come back in messages, and a body of 6 MB must not make an answer that the gateway refuses.
const mostCharacters = 1000

const bounded = (message: string): string =>
  message.length > mostCharacters ? `${message.slice(0, mostCharacters)}...` : message

/** The one error body: RFC 9457 with `code` and `hint`, and `error`, which Open Inference clients read. */
const problemBody = ({ code, status, hint, message }: PercallError, requestId: string) => ({
  type: `urn:percall:error:${code}`,
  title: code,
  status,
  detail: bounded(message),
  instance: `urn:percall:request:${requestId}`,
  code,
  hint,
  requestId,
  error: bounded(message),
})

/** The body and its media type as the path's clients read them. */
const bodyOf = ({ rawPath, headers, requestContext }: APIGatewayProxyEventV2, refusal: PercallError) => {
  const { status, code, hint, message } = refusal
  if (speaksOpenAi(rawPath))
    return { type: 'application/json', value: openAiError({ status, code, hint, message: bounded(message) }) }
  const type = wantsPlainJson(headers.accept) ? 'application/json' : 'application/problem+json'
  return { type, value: problemBody(refusal, requestContext.requestId) }
}

/** What a caller may see of a throw: a refusal as it is, any other fault without its cause. */
const toRefusal = (thrown: unknown): PercallError =>
  thrown instanceof PercallError
    ? thrown
    : new PercallError('INTERNAL', 'the service failed to answer this request', { cause: thrown })

const wantsPlainJson = (accept = ''): boolean =>
  /application\/json/i.test(accept) && !/application\/problem\+json/i.test(accept)

const retryAfterSeconds = 1

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
      ...(refusal.code === 'NOT_READY' && { 'retry-after': String(retryAfterSeconds) }),
      // It may be charged already. OpenAI's clients and ours repeat no answer with this header.
      ...(refusal.code === 'OUTCOME_UNKNOWN' && { 'x-should-retry': 'false' }),
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
