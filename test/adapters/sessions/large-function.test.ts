import { createServer } from 'node:http'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { callLarge } from '../../../adapters/sessions/large-function.ts'
import { listen } from '../../../local/listen.ts'

/** Lambda's Invoke, which closes a connection soon after its answer; undefined: without one. */
const startLambda = async (answer: () => { readonly status: number; readonly body: string } | undefined) => {
  const calls: string[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    calls.push(Buffer.concat(chunks).toString())
    const told = answer()
    if (!told) request.socket.destroy()
    else {
      response.on('finish', () => setTimeout(() => request.socket.destroy(), 1))
      response.writeHead(told.status, { 'content-type': 'application/json' }).end(told.body)
    }
  })
  const port = await listen(server, 0)
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', `http://127.0.0.1:${port}`)
  vi.stubEnv('AWS_REGION', 'us-east-1')
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'ROLE')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
  return calls
}
afterEach(() => vi.unstubAllEnvs())

test('a call after the environment was frozen, its connection closed meanwhile -> answered, sent once', async () => {
  const calls = await startLambda(() => ({ status: 200, body: '{"statusCode":200}' }))
  const call = callLarge('large')
  expect(await call({ n: 1 })).toEqual({ statusCode: 200 })
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50) // neither side sees time pass
  expect(await call({ n: 2 })).toEqual({ statusCode: 200 })
  expect(calls).toEqual(['{"n":1}', '{"n":2}'])
})

test('a connection closed without an answer -> OUTCOME_UNKNOWN, and not sent again', async () => {
  const calls = await startLambda(() => undefined)
  await expect(callLarge('large')({ n: 1 })).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
  expect(calls).toEqual(['{"n":1}'])
})
