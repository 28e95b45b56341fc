// Node's and undici's codes of a connection that the other side closed, as it does to a function that was frozen meanwhile.
const closed = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])

/** fetch throws a TypeError whose cause has the code. */
const wasClosed = (thrown: unknown): boolean =>
  thrown instanceof Error &&
  thrown.cause instanceof Error &&
  'code' in thrown.cause &&
  closed.has(String(thrown.cause.code))

/**
 * fetch for requests that may arrive twice: sent once more where the connection was closed without an answer. Neither fetch
 * nor Node does so for a POST. Takes no streams, which are spent by the first try.
 */
export const fetchAgain = async (
  url: string | URL,
  init: RequestInit & { readonly body: string | URLSearchParams },
): Promise<Response> => {
  try {
    return await fetch(url, init)
  } catch (thrown) {
    if (!wasClosed(thrown)) throw thrown
    return await fetch(url, init)
  }
}
