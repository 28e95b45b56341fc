import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { callAws } from '../../../adapters/aws/aws-json.ts'
import { listen } from '../../../local/listen.ts'

type Fate = 'answer' | 'close' | 503

/** A service of AWS that meets its requests with these fates; `seen` are the bodies of all. */
const startService = async (fates: readonly Fate[]) => {
  const seen: string[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const fate = fates[seen.length] ?? 'answer'
    seen.push(Buffer.concat(chunks).toString())
    if (fate === 'close') request.socket.destroy()
    else response.writeHead(fate === 'answer' ? 200 : fate).end('{"taken":true}')
  })
  const port = await listen(server, 0)
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const place = { endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', signingName: 'events' }
  const credentials = () => ({ accessKeyId: 'ROLE', secretAccessKey: 'secret' })
  return { seen, call: callAws({ ...place, targetPrefix: 'AWSEvents' }, credentials) }
}

test.for<[string, readonly Fate[], 'answered' | 'thrown', number]>([
  ['a kept connection that was closed', ['answer', 'close'], 'answered', 3],
  ['one that is closed twice', ['answer', 'close', 'close'], 'thrown', 3],
  ['a refusal', ['answer', 503], 'thrown', 2],
])('%s -> %j: %s after %i requests', async ([, fates, end, requests]) => {
  const { seen, call } = await startService(fates)
  const put = () => call('PutEvents', { Entries: [] })
  expect(await put()).toEqual({ taken: true })
  expect(
    await put().then(
      () => 'answered',
      () => 'thrown',
    ),
  ).toBe(end)
  expect(seen).toEqual(Array(requests).fill('{"Entries":[]}'))
})
