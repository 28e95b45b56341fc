import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { key } from './handler.ts'

/** A POST as API Gateway's payload format 2.0 gives it to a function. */
export const postEvent = (path: string, body: unknown): APIGatewayProxyEventV2 => ({
  version: '2.0',
  routeKey: 'ANY /v2/{proxy+}',
  rawPath: path,
  rawQueryString: '',
  headers: {
    accept: 'application/json',
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    host: 'bench.execute-api.us-east-1.amazonaws.com',
    'user-agent': 'percall-bench',
    'x-amzn-trace-id': 'Root=1-67891233-abcdef012345678912345678',
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-port': '443',
    'x-forwarded-proto': 'https',
  },
  requestContext: {
    accountId: '000000000000',
    apiId: 'bench',
    domainName: 'bench.execute-api.us-east-1.amazonaws.com',
    domainPrefix: 'bench',
    http: { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'percall-bench' },
    requestId: '00000000-0000-4000-8000-000000000000',
    routeKey: 'ANY /v2/{proxy+}',
    stage: '$default',
    time: '12/Mar/2026:19:03:58 +0000',
    timeEpoch: 1_773_342_238_000,
  },
  isBase64Encoded: false,
  body: JSON.stringify(body),
})
