import { request } from 'node:http'
import type { Answer } from '../stack/stack.ts'

export type RawRequest = {
  readonly method?: string
  /** Sent byte for byte: `fetch` would resolve `..` and its escapes. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string | Uint8Array
}

/** One HTTP request exactly as it is given. */
export const sendRaw = (url: string, { method = 'POST', path, headers = {}, body }: RawRequest): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const sent = request({ hostname, port, method, path, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        const json = /json/.test(response.headers['content-type'] ?? '')
        resolve({
          status: response.statusCode ?? 0,
          // node lists repeated headers in an array; none of ours is repeated.
          headers: new Headers(response.headers as Record<string, string>),
          body: json ? JSON.parse(text) : text,
        })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
