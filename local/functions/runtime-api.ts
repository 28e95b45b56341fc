/**
 * Lambda's Runtime API, version 2018-06-01, for all environments on one loopback port; each has its own path prefix.
 * Does: next, response, error, init/error. Does not: streamed responses, extensions, SnapStart.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { limits } from './outcome.ts'

/** The side of one environment that its process talks to. */
export type RuntimeListener = {
  readonly next: (response: ServerResponse) => void
  readonly initError: (body: string) => void
  readonly ended: (requestId: string, how: 'response' | 'error', body: string) => void
  readonly tooLarge: (requestId: string, sizeBytes: number) => void
}

export type RuntimeApi = {
  /** Gives the value of AWS_LAMBDA_RUNTIME_API for the environment. */
  readonly register: (environmentId: string, listener: RuntimeListener) => string
  readonly unregister: (environmentId: string) => void
  readonly close: () => Promise<void>
}

export const startRuntimeApi = async (): Promise<RuntimeApi> => {
  const listeners = new Map<string, RuntimeListener>()
  const server = createServer((request, response) => {
    route(listeners, request, response).catch(() => request.destroy()) // the environment was killed in mid-sentence
  })
  // A long poll waits for as long as nobody calls the function.
  server.requestTimeout = 0
  server.headersTimeout = 0
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo // it listens on a port, not on a pipe
  return {
    register: (environmentId, listener) => {
      listeners.set(environmentId, listener)
      return `127.0.0.1:${port}/${environmentId}`
    },
    unregister: (environmentId) => void listeners.delete(environmentId),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const path =
  /^\/([\w-]+)\/2018-06-01\/runtime\/(?:invocation\/(next)|(init)\/error|invocation\/([\w-]+)\/(response|error))$/

const route = async (
  listeners: ReadonlyMap<string, RuntimeListener>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const [, environmentId, next, init, requestId, how] = path.exec(request.url ?? '') ?? []
  const listener = listeners.get(environmentId ?? '')
  if (!listener) {
    response.writeHead(404).end()
    return
  }
  if (next) {
    listener.next(response)
    return
  }
  const { sizeBytes, text } = await readText(request)
  const tooLarge = how === 'response' && sizeBytes > limits.responseBytes
  response.writeHead(tooLarge ? 413 : 202, { 'content-length': 0 }).end()
  if (init) listener.initError(text)
  else if (tooLarge) listener.tooLarge(requestId!, sizeBytes)
  else listener.ended(requestId!, how === 'response' ? 'response' : 'error', text)
}

const readText = async (request: IncomingMessage): Promise<{ sizeBytes: number; text: string }> => {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of request) {
    sizeBytes += chunk.length
    if (sizeBytes <= limits.responseBytes) chunks.push(chunk)
  }
  return { sizeBytes, text: Buffer.concat(chunks).toString('utf8') }
}
