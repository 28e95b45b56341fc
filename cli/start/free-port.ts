import { createServer } from 'node:net'
import { Failure } from '../failure.ts'

/** Throws PORT_IN_USE where another service has the port: said before the seconds of building, not after. */
export const requireFreePort = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      const hint = 'stop what uses it, or take another with --port'
      const inUse = new Failure('EADDRINUSE', `port ${port} is in use`, hint, { cause: error })
      reject(error.code === 'EADDRINUSE' ? inUse : error)
    })
    server.listen(port, '127.0.0.1', () => server.close(() => resolve()))
  })
