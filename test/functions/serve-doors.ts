/** The doors of this process over HTTP, for programs that only know an address. */
import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { listen } from '../../local/listen.ts'
import type { openDoors } from './doors.ts'

type Doors = Pick<Awaited<ReturnType<typeof openDoors>>, 'predict' | 'control'>

/** The routes of infra/service.ts that the function predict answers. */
const predicts = /^\/v[12](\/|$)/

export const serveDoors = async ({ predict, control }: Doors) => {
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://local')
    const bytes = await buffer(request)
    const sent = Object.entries(request.headers).map(([name, value]) => [name, String(value)])
    const door = predicts.test(pathname) ? predict : control
    const {
      status,
      headers,
      bytes: answer,
    } = await door(request.method ?? 'GET', decodeURIComponent(pathname), {
      headers: Object.fromEntries(sent),
      query: searchParams.toString(),
      ...(bytes.length > 0 && { body: new Uint8Array(bytes) }),
    })
    const names = Object.entries(headers).map(([name, value]) => [name, String(value)])
    response.writeHead(status ?? 500, Object.fromEntries(names)).end(answer)
  })
  const port = await listen(server, 0)
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${port}`, close }
}
