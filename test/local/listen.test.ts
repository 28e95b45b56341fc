import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { listen, stopListening } from '../../local/listen.ts'

const keeping = async (answer: (request: IncomingMessage, response: ServerResponse) => void) => {
  // Where listen left it at that, an idle connection would be closed after 2 ms.
  const server = createServer({ keepAliveTimeout: 1, keepAliveTimeoutBuffer: 1 }, answer)
  const port = await listen(server, 0)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => {
    agent.destroy()
    server.closeAllConnections()
    server.close()
  })
  const send = async () => {
    const sent = request({ host: '127.0.0.1', port, agent }).end()
    const answered = await new Promise<IncomingMessage>((resolve, reject) => {
      sent.on('response', resolve).on('error', reject)
    })
    return { isReused: sent.reusedSocket, body: await text(answered) }
  }
  return { server, send }
}

test('a stalled machine between two requests -> the second one is answered on the same connection', async () => {
  const { send } = await keeping((_, response) => response.end('answer'))
  expect(await send()).toEqual({ isReused: false, body: 'answer' })
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50) // neither side sees time pass
  expect(await send()).toEqual({ isReused: true, body: 'answer' })
})

test('the end of a server during a request on a kept connection -> the answer comes, then the server has ended', async () => {
  const asked = Promise.withResolvers<() => void>()
  const { server, send } = await keeping((_, response) => asked.resolve(() => response.end('last')))
  const answer = send()
  const finish = await asked.promise
  const ended = stopListening(server)
  finish()
  expect((await answer).body).toBe('last')
  await ended
})
