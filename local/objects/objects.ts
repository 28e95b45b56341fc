/**
 * S3 on the file system.
 * Does: what routes.ts lists, path-style, with the template's encryption, versions, lifecycle, CORS and events; bytes are
 * streamed, and an acknowledged write outlives kill -9 and power loss. Does not: ACLs, tags, locks, replication, storage
 * classes, websites, POST forms, virtual-hosted addresses, signed chunks. Policies of buckets are judged by `authorize`.
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Authorize, AwsError, type Caller, type PutEvent, type Resource, type UseKey } from '../service.ts'
import type { SecretOf } from '../signature.ts'
import { openBlobs } from './blobs.ts'
import { type Bucket, bucketOf } from './bucket.ts'
import { openCatalog } from './catalog.ts'
import { defaultAlgorithm } from './checksums.ts'
import { corsHeaders } from './cors.ts'
import { expire } from './lifecycle.ts'
import { contentHeaders } from './metadata.ts'
import { findObject, use } from './reading.ts'
import { store } from './receive.ts'
import { type Answer, callerOfRequest, readRequest, type S3Request } from './request.ts'
import { route } from './routes.ts'
import { createShelf } from './shelf.ts'
import { storedWhole } from './writing.ts'
import { errorDocument, type XmlValue } from './xml.ts'

export type Objects = {
  readonly handler: (message: IncomingMessage, response: ServerResponse) => Promise<void>
  readonly addBucket: (resource: Resource) => void
  /** For services that read on a caller's behalf, such as Step Functions; `headers` are those of GetObject. */
  readonly getObject: (
    caller: Caller,
    bucket: string,
    key: string,
    version?: string,
  ) => Promise<{ body: Buffer; etag: string; version: string; headers: Readonly<Record<string, string>> }>
  readonly putObject: (
    caller: Caller,
    bucket: string,
    key: string,
    body: Uint8Array,
    contentType?: string,
  ) => Promise<{ etag: string; version: string }>
  /** Expires by the lifecycle rules, and puts the events that a kill left behind; call it once at start, then by the hour. */
  readonly sweep: () => void
  readonly close: () => void
}

type Deps = {
  folder: string
  now: () => number
  authorize: Authorize
  useKey: UseKey
  putEvent: PutEvent
  secretOf: SecretOf
  callerOf: (accessKeyId: string) => Caller
}

/** Opens the objects kept in `folder`; files that a kill left without an object are removed. */
export function createObjects({ folder, secretOf, callerOf, ...deps }: Deps): Objects {
  const catalog = openCatalog(folder, deps.now)
  const blobs = openBlobs(join(folder, 'blobs'))
  blobs.sweep(catalog.files())
  const buckets = new Map<string, Bucket>()
  const shelf = createShelf(buckets, { ...deps, catalog, blobs })

  async function answer(request: S3Request): Promise<Answer> {
    if (request.method === 'OPTIONS') return preflight(request)
    const caller = callerOfRequest(request, { secretOf, callerOf, now: deps.now })
    if (request.bucket === '') throw new AwsError('NotImplemented', 'ListBuckets is not implemented', 501)
    const run = route(request)
    return run(shelf, shelf.bucket(request.bucket), request, caller)
  }

  function preflight({ bucket, headers }: S3Request): Answer {
    const method = headers['access-control-request-method']
    if (method === undefined || headers.origin === undefined) {
      throw new AwsError('BadRequest', 'Insufficient information. Origin request header needed.', 400)
    }
    const allowed = corsHeaders(shelf.bucket(bucket).cors, method, headers)
    if (!allowed) throw new AwsError('AccessForbidden', 'CORSResponse: This CORS request is not allowed.', 403)
    return { status: 200, headers: allowed }
  }

  return {
    handler: async (message, response) => {
      const id = randomBytes(8).toString('hex').toUpperCase()
      let request: S3Request | undefined
      try {
        request = readRequest(message, id)
        const result = await answer(request)
        const cors = corsHeaders(buckets.get(request.bucket)?.cors ?? [], request.method, request.headers)
        await send(response, request.method, {
          ...result,
          headers: { ...cors, ...result.headers, 'x-amz-request-id': id },
        })
      } catch (error) {
        const cors = request && corsHeaders(buckets.get(request.bucket)?.cors ?? [], request.method, request.headers)
        await sendError(message, response, error, { ...cors, 'x-amz-request-id': id })
      }
    },
    addBucket: (resource) => {
      const bucket = bucketOf(resource)
      buckets.set(bucket.name, bucket)
    },
    getObject: async (caller, name, key, version) => {
      const found = findObject(shelf, shelf.bucket(name), key, version, caller)
      if (found.keyArn !== undefined) use(shelf, caller, 'kms:Decrypt', found.keyArn)
      const release = blobs.hold(found.pieces)
      try {
        const chunks: Buffer[] = []
        for await (const chunk of blobs.read(found.pieces, 0, found.sizeBytes - 1)) chunks.push(chunk)
        return { body: Buffer.concat(chunks), etag: found.etag, version: found.version, headers: found.headers }
      } finally {
        release()
      }
    },
    putObject: async (caller, name, key, body, contentType) => {
      const bucket = shelf.bucket(name)
      deps.authorize(caller, 's3:PutObject', `${bucket.arn}/${key}`)
      if (bucket.keyArn !== undefined) use(shelf, caller, 'kms:GenerateDataKey', bucket.keyArn)
      const { piece, md5, sums } = await store(blobs, Readable.from([body]), defaultAlgorithm)
      const headers = contentHeaders(contentType === undefined ? {} : { 'content-type': contentType })
      const stored = storedWhole(bucket, { piece, md5, sums }, headers)
      const request = { id: randomBytes(8).toString('hex').toUpperCase() }
      const made = shelf.commit(bucket, key, stored, { reason: 'PutObject', request, caller }, {})
      return { etag: made.etag, version: made.version }
    },
    sweep: () => {
      shelf.putPendingEvents()
      for (const bucket of buckets.values()) expire(shelf, bucket)
    },
    close: () => catalog.close(),
  }

  async function send(response: ServerResponse, method: string, { status, headers = {}, body }: Answer): Promise<void> {
    if (typeof body === 'object') {
      const release = blobs.hold(body.pieces)
      try {
        response.writeHead(status, headers)
        if (method === 'HEAD') response.end()
        else
          await pipeline(Readable.from(blobs.read(body.pieces, body.start, body.end), { objectMode: false }), response)
      } finally {
        release()
      }
      return
    }
    const text = body ?? ''
    const type = text === '' ? {} : { 'content-type': 'application/xml' }
    response.writeHead(status, {
      ...type,
      ...(status !== 204 && status !== 304 && { 'content-length': String(Buffer.byteLength(text)) }),
      ...headers,
    })
    response.end(text)
  }
}

async function sendError(
  message: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  headers: Record<string, string>,
): Promise<void> {
  // The client reads no answer before it has sent its body.
  message.resume()
  if (!message.complete && !message.destroyed) await Promise.race([once(message, 'end'), once(message, 'close')])
  if (response.headersSent || message.errored) return void response.destroy()
  const known =
    error instanceof AwsError
      ? error
      : new AwsError('InternalError', error instanceof Error ? error.message : String(error), 500)
  const code = known.code.startsWith('AccessDenied') ? 'AccessDenied' : known.code
  const status = code === 'AccessDenied' ? 403 : known.status
  const { headers: more, ...fields } = known.fields as { headers?: Record<string, string> } & Record<string, XmlValue>
  const text = errorDocument({
    Code: code,
    Message: known.message,
    ...fields,
    Resource: message.url?.split('?')[0],
    RequestId: headers['x-amz-request-id'],
    HostId: 'local',
  })
  response.writeHead(status, {
    'content-type': 'application/xml',
    'content-length': String(Buffer.byteLength(text)),
    ...headers,
    ...more,
  })
  response.end(message.method === 'HEAD' ? undefined : text)
}
