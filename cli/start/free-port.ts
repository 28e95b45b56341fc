import { createServer } from 'node:net'
import { Failure } from '../failure.ts'

// A service whose function is only starting answers too; what is silent is waited for in vain.
const askMs = 10_000

/** Whether what answers at the port is a Percall service: its health needs no key. */
const isPercall = async (port: number): Promise<boolean> => {
  try {
    const url = `http://127.0.0.1:${port}/v2/health/live`
    const response = await fetch(url, { signal: AbortSignal.timeout(askMs) })
    return response.ok && ((await response.json()) as { live?: unknown }).live === true
  } catch {
    // Whatever it speaks, it is not that.
    return false
  }
}

const inUse = async (port: number, cause: Error): Promise<Failure> => {
  const other = (await isPercall(port)) ? 'another percall, which has another data folder' : 'another program'
  const hint = 'stop it, or take another port with --port'
  return new Failure('EADDRINUSE', `port ${port} is in use by ${other}`, hint, { cause })
}

const tryPort = (port: number): Promise<NodeJS.ErrnoException | undefined> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', resolve)
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(undefined)))
  })

/** Throws EADDRINUSE where another service has the port: said before the seconds of building, not after. */
export const requireFreePort = async (port: number): Promise<void> => {
  const error = await tryPort(port)
  if (error) throw error.code === 'EADDRINUSE' ? await inUse(port, error) : error
}
