import { createServer, request } from 'node:http'
import { onTestFinished } from 'vitest'
import { createGateway, type GatewayOptions } from '../../../local/gateway.ts'
import { listen } from '../../../local/listen.ts'
import type { Resource } from '../../../local/service.ts'

export const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:probe'

const resource = (type: string, logicalId: string, properties: object): Resource => ({
  stack: 'Test',
  logicalId,
  type: `AWS::ApiGatewayV2::${type}`,
  ref: logicalId.toLowerCase(),
  attributes: {},
  properties,
})

/** The resources of one API with these route keys; each part can be given further properties. */
export const apiResources = (
  keys: readonly string[],
  { api = {}, stage = {}, integration = {}, route = {} }: Record<string, object> = {},
): Resource[] => [
  resource('Api', 'Api', { Name: 'test', ProtocolType: 'HTTP', ...api }),
  resource('Stage', 'Stage', { ApiId: 'api', StageName: '$default', AutoDeploy: true, ...stage }),
  resource('Integration', 'Call', {
    ApiId: 'api',
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: functionArn,
    PayloadFormatVersion: '2.0',
    ...integration,
  }),
  ...keys.map((RouteKey, index) =>
    resource('Route', `Route${index}`, {
      ApiId: 'api',
      AuthorizationType: 'NONE',
      RouteKey,
      Target: 'integrations/call',
      ...route,
    }),
  ),
]

export type HttpAnswer = { status: number; headers: Record<string, string | string[] | undefined>; body: Buffer }

/** One raw request: unlike fetch it sends repeated headers, odd paths and Host as given. */
export const send = (
  url: string,
  path: string,
  { method = 'GET', headers = [], body }: { method?: string; headers?: readonly string[]; body?: string | Buffer } = {},
): Promise<HttpAnswer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const length = body === undefined ? [] : ['Content-Length', String(Buffer.byteLength(body))]
    const call = request({
      hostname,
      port,
      path,
      method,
      headers: ['Host', `${hostname}:${port}`, ...length, ...headers],
    })
    call.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      )
    })
    call.on('error', reject)
    call.end(body)
  })

/** A gateway on a port of its own; by default the function answers with its event. */
export const serve = async (resources: readonly Resource[], options: Partial<GatewayOptions> = {}) => {
  const events: string[] = []
  const sources: string[] = []
  const gateway = createGateway({
    invoke: async (_arn, payload) => {
      events.push(payload)
      return { kind: 'answer', payload }
    },
    authorizeInvoke: (_arn, sourceArn) => void sources.push(sourceArn),
    now: Date.now,
    ...options,
  })
  gateway.addApi(resources)
  const server = createServer({ maxHeaderSize: 32_768 }, gateway.listener)
  const port = await listen(server, 0)
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${port}`
  return { url, events, sources, send: (path: string, init?: Parameters<typeof send>[2]) => send(url, path, init) }
}
