import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * Listens on 127.0.0.1 and gives the port; 0 picks a free one. Throws an error that names a port in use. Connections are
 * kept until the client closes them: Node would close one after 5 s without a request, and the request that crosses the
 * close is lost (ECONNRESET), which takes no more than a machine that stalls for a moment.
 */
export function listen(server: Server, port: number): Promise<number> {
  server.keepAliveTimeout = 0
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const inUse = error.code === 'EADDRINUSE'
      reject(inUse ? new Error(`port ${port} is in use; stop what uses it, or take another with --port`) : error)
    })
    // A server that listens on TCP has an address of this shape.
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

const idleCheckMs = 20

/** Stops taking connections, ends idle ones and each other when it has its answer, and resolves when the last has closed. */
export function stopListening(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const check = setInterval(() => server.closeIdleConnections(), idleCheckMs)
    server.close(() => {
      clearInterval(check)
      resolve()
    })
    server.closeIdleConnections()
  })
}
