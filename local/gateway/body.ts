/** Reads a request's body within a limit of size and time. */
import type { IncomingMessage } from 'node:http'

export type Body =
  | { readonly kind: 'body'; readonly bytes: Buffer }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'too-slow' }
  | { readonly kind: 'aborted' }

/** Stops reading at the first byte too many. A body that trickles in for longer than `timeoutMs` is too slow. */
export const readBody = (
  request: IncomingMessage,
  { limitBytes, timeoutMs }: { readonly limitBytes: number; readonly timeoutMs: number },
): Promise<Body> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = []
    let sizeBytes = 0
    const timer = setTimeout(() => end({ kind: 'too-slow' }), timeoutMs)
    const end = (body: Body): void => {
      clearTimeout(timer)
      request.removeAllListeners('data')
      resolve(body)
    }
    if (Number(request.headers['content-length'] ?? 0) > limitBytes) {
      end({ kind: 'too-large' })
      return
    }
    request.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length
      if (sizeBytes > limitBytes) end({ kind: 'too-large' })
      else chunks.push(chunk)
    })
    request.on('end', () => end({ kind: 'body', bytes: Buffer.concat(chunks) }))
    request.on('error', () => end({ kind: 'aborted' }))
    request.on('close', () => end({ kind: 'aborted' }))
  })
