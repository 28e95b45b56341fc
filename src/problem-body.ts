import { PercallError } from './errors.ts'

// A caller's own words come back in messages, and a body of 6 MB must not make an answer that the gateway refuses.
const mostCharacters = 1000

export const bounded = (message: string): string =>
  message.length > mostCharacters ? `${message.slice(0, mostCharacters)}...` : message

/** The one error body: RFC 9457 with `code` and `hint`, and `error`, which Open Inference clients read. */
export const problemBody = ({ code, status, hint, message, members }: PercallError, requestId: string) => ({
  ...members,
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

/** What a caller may see of a throw: a refusal as it is, any other fault without its cause. */
export const toRefusal = (thrown: unknown): PercallError =>
  thrown instanceof PercallError
    ? thrown
    : new PercallError('INTERNAL', 'the service failed to answer this request', { cause: thrown })
