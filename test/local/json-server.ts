import { createServer } from 'node:http'
import { listen } from '../../local/listen.ts'
import { AwsError, type Caller, type JsonService } from '../../local/service.ts'

/** Serves one JSON service by X-Amz-Target, without signatures; the access key id says who calls. */
export const serveJson = async (service: JsonService, callerOf: (accessKeyId: string) => Caller) => {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const accessKeyId = /Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1] ?? ''
    const send = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': `application/x-amz-json-${service.jsonVersion}` })
      response.end(JSON.stringify(body))
    }
    try {
      const [target, name = ''] = String(request.headers['x-amz-target']).split('.')
      const operation = target === service.target ? service.operations[name] : undefined
      if (!operation) throw new AwsError('UnknownOperationException', `no operation ${name}`)
      // The operation checks its own input.
      send(200, operation(JSON.parse(Buffer.concat(chunks).toString()) as never, callerOf(accessKeyId)))
    } catch (error) {
      if (error instanceof AwsError) send(error.status, { __type: error.code, message: error.message, ...error.fields })
      else send(500, { __type: 'InternalFailure', message: String(error) })
    }
  })
  const port = await listen(server, 0)
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}
