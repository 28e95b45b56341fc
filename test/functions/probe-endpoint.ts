import { createServer } from 'node:http'
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { listen } from '../../local/listen.ts'
import { inspectOnnx } from '../../src/onnx/inspect.ts'
import type { ProbeEvent, ProbeReport } from '../../src/registry/probe.ts'
import { thrownByStep } from '../../src/run/failure.ts'

const figures = { isolation: 'inline', probedElements: 2 ** 31, loadMs: 1, inferMs: 1, peakMb: 100 } as const

/**
 * Lambda's Invoke with a probe that reads the file's signature and runs nothing, for tests in one process; the probe
 * itself runs in test/adapters/registry/probe.test.ts and in every journey.
 */
export const serveProbe = async (objects: S3Client, bucket: string) => {
  const report = async ({ key }: ProbeEvent): Promise<ProbeReport> => {
    const { Body } = await objects.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    if (!Body) throw new Error(`object ${key}: expected bytes`)
    return { signature: inspectOnnx(await Body.transformToByteArray()).signature, ...figures }
  }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    try {
      response.end(JSON.stringify(await report(JSON.parse(Buffer.concat(chunks).toString()))))
    } catch (thrown) {
      const { name: errorType, message: errorMessage } = thrownByStep(thrown) as Error // inspectOnnx throws errors only
      response.writeHead(200, { 'x-amz-function-error': 'Unhandled' })
      response.end(JSON.stringify({ errorType, errorMessage }))
    }
  })
  const port = await listen(server, 0)
  const close = (): Promise<void> =>
    new Promise((closed) => {
      server.close(() => closed())
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${port}`, close }
}
