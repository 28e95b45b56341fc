import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer, request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { writeFileObject } from '../../../adapters/aws/object-writer.ts'
import { listen } from '../../../local/listen.ts'
import { startS3 } from '../../local/objects/server.ts'

/** Forwards to S3, but breaks the connection of the first attempt at each request, after its first bytes. */
const startBreaker = async (target: string) => {
  const broken = new Set<string>()
  const server = createServer((incoming, outgoing) => {
    const what = `${incoming.method} ${incoming.url}`
    if (!broken.has(what)) {
      broken.add(what)
      return void incoming.once('data', () => incoming.socket.destroy()).once('end', () => incoming.socket.destroy())
    }
    const { method, headers } = incoming
    const forward = httpRequest(target + incoming.url, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(outgoing)
    })
    incoming.pipe(forward)
  })
  const port = await listen(server, 0)
  return { url: `http://127.0.0.1:${port}`, broken, close: () => server.close() }
}

test.for([
  { given: 'no byte', sizeBytes: 0, requests: 1 },
  { given: 'a small file', sizeBytes: 1000, requests: 1 },
  { given: 'a file of two parts and a bit', sizeBytes: 33 * 1024 * 1024, requests: 5 },
])('$given, each first attempt cut off -> written whole', async ({ sizeBytes, requests }) => {
  const s3 = await startS3()
  const breaker = await startBreaker(s3.endpoint)
  const file = join(mkdtempSync(join(tmpdir(), 'percall-')), 'data')
  const bytes = Buffer.from(Uint8Array.from({ length: sizeBytes }, (_, i) => (i * 31 + (i >> 12)) % 251))
  writeFileSync(file, bytes)
  const objects = s3.client('OWNER', { endpoint: breaker.url, maxAttempts: 3 })
  await writeFileObject({ objects, bucket: 'plain' })(file, 'kept')
  const { Body } = await s3.s3.send(new GetObjectCommand({ Bucket: 'plain', Key: 'kept' }))
  expect(Buffer.from(await Body!.transformToByteArray()).equals(bytes)).toBe(true)
  expect(breaker.broken.size).toBe(requests)
  breaker.close()
  await s3.close()
})
