/**
 * The HTTP endpoint of every service but S3.
 * Does: JSON protocol by X-Amz-Target, Lambda's Invoke, signatures, errors in AWS's form.
 * Does not: the query and CBOR protocols, Lambda's other routes; an unknown target or operation is refused by name.
 */
import { hash, randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerInvoke, invokePath, type LambdaCalls } from './invoke-endpoint.ts'
import { AwsError, type Caller, type JsonService } from './service.ts'
import { type SecretOf, verifyHeader } from './signature.ts'

export type EndpointOptions = {
  readonly services: readonly JsonService[]
  readonly lambda: LambdaCalls
  readonly secretOf: SecretOf
  readonly callerOf: (accessKeyId: string) => Caller | undefined
  readonly now: () => number
  /** Told of each request that was verified, such as `DynamoDB_20120810.PutItem`. */
  readonly count: (operation: string) => void
  readonly onFault: (error: unknown) => void
}

/** The largest request of any service here: BatchWriteItem and Invoke stay below 16 MB and 6 MB. */
const largestBodyBytes = 20 * 2 ** 20

/** For node:http. */
export function createEndpoint(options: EndpointOptions): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    answer(options, request, response).catch((error) => {
      options.onFault(error)
      response.destroy()
    })
  }
}

async function answer(options: EndpointOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = randomUUID()
  const { method = '', url = '', headers } = request
  const path = url.split('?', 1)[0]!
  try {
    const body = await readBody(request)
    const bodySha256 = hash('sha256', body)
    const accessKeyId = verifyHeader({ method, url, headers, bodySha256 }, options.secretOf, options.now)
    const caller = options.callerOf(accessKeyId)
    if (!caller) throw new AwsError('UnrecognizedClientException', 'The security token in the request is invalid.')
    if (path.startsWith('/2015-03-31/')) {
      const name = invokePath(method, path)
      options.count('Lambda.Invoke')
      const { status, headers: more, payload } = await answerInvoke(options.lambda, name, url, headers, body, caller)
      send(response, status, { 'x-amzn-requestid': requestId, 'content-type': 'application/json', ...more }, payload)
      return
    }
    const { service, operation, run } = find(options.services, method, path, headers['x-amz-target'])
    options.count(`${service.target}.${operation}`)
    const output = await run(parseObject(body) as never, caller)
    const type = `application/x-amz-json-${service.jsonVersion}`
    send(response, 200, { 'x-amzn-requestid': requestId, 'content-type': type }, JSON.stringify(output ?? {}))
  } catch (error) {
    if (!(error instanceof AwsError)) options.onFault(error)
    const { status, headers: more, body } = errorOf(error)
    send(response, status, { 'x-amzn-requestid': requestId, ...more }, body)
  }
}

function find(services: readonly JsonService[], method: string, path: string, target: unknown) {
  if (typeof target !== 'string') {
    throw new AwsError('UnknownOperationException', `${method} ${path}: no X-Amz-Target, and no route of Lambda's`)
  }
  const dot = target.lastIndexOf('.')
  const service = services.find((each) => each.target === target.slice(0, dot))
  if (!service) throw new AwsError('UnknownOperationException', `the service of ${target} is not implemented`)
  const operation = target.slice(dot + 1)
  // An own property: `toString` is no operation.
  const run = Object.hasOwn(service.operations, operation) ? service.operations[operation] : undefined
  if (!run) throw new AwsError('UnknownOperationException', `the operation ${target} is not implemented`)
  return { service, operation, run }
}

function parseObject(body: Buffer): object {
  try {
    const input: unknown = JSON.parse(body.toString() || '{}')
    if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new AwsError('SerializationException', 'the body is no JSON object')
}

// By its events: an iterator over the stream costs a twentieth of a small request.
function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let sizeBytes = 0
    request.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length
      if (sizeBytes <= largestBodyBytes) chunks.push(chunk)
      else reject(new AwsError('RequestTooLargeException', 'the body is too large', 413))
    })
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
    request.on('error', reject)
  })
}

function errorOf(error: unknown) {
  const { code, message, status, fields } =
    error instanceof AwsError ? error : new AwsError('InternalFailure', 'the local service failed; see its log', 500)
  // The JSON protocol reads __type, Lambda's REST protocol the header; SQS's clients know both.
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': code }
  return { status, headers, body: JSON.stringify({ __type: code, message, Message: message, ...fields }) }
}

function send(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>, body: string) {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body)
}
