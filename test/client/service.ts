import { createServer, type IncomingMessage } from 'node:http'
import { listen } from '../../local/listen.ts'

export type Reply =
  | {
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
      /** The answer leaves when this has ended. */
      readonly before?: () => Promise<unknown>
    }
  /** Ends the connection without an answer. */
  | 'hang up'
  /** Takes the request and never answers. */
  | 'silence'

export type Seen = {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A real HTTP server that gives the replies in order, the last one for ever, and keeps what it saw. */
export const startService = async (replies: readonly Reply[]) => {
  const seen: Seen[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method = '', url = '', headers } = request
    const reply = replies[Math.min(seen.length, replies.length - 1)]!
    seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() })
    if (reply === 'hang up') return request.socket.destroy()
    if (reply === 'silence') return
    await reply.before?.()
    response.writeHead(reply.status, reply.headers).end(reply.body)
  })
  const port = await listen(server, 0)
  const close = (): Promise<void> => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(() => resolve()))
  }
  return { url: `http://127.0.0.1:${port}`, seen, close }
}

export const ok: Reply = { status: 200, headers: { 'content-type': 'application/json' }, body: '{"fine":true}' }
