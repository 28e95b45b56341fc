import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { listen } from './listen.ts'

/**
 * Listens on the port of last time, kept in `path`, so that presigned URLs outlive a restart; on a free one where that
 * is taken, or at the first start.
 */
export async function listenAgain(server: Server, path: string): Promise<number> {
  const last = existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0
  const port = await listen(server, last).catch(() => listen(server, 0))
  writeFileSync(path, String(port))
  return port
}
