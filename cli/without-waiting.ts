import type { Fetch } from '../client/client.ts'

const tooMany = 429

/** Fetch for a client that is to be told of a limit at once, instead of waiting up to a minute for its end. */
export const withoutWaiting: Fetch = async (url, init) => {
  const answer = await fetch(url, init)
  if (answer.status !== tooMany) return answer
  const headers = new Headers(answer.headers)
  headers.set('x-should-retry', 'false')
  return new Response(answer.body, { status: answer.status, headers })
}
