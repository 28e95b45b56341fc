import type { Client } from './client.ts'
import { PreconditionFailedError } from './errors.ts'
import { newKey } from './idempotency-key.ts'

type UploadBody = {
  readonly id: string
  /** Takes one PUT of the bytes. */
  readonly url: string
  /** To be sent with the PUT, as they are signed. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Bytes in memory, or a Blob, which a runtime may read from a file as it is sent. */
export type Content = Uint8Array | Blob

const sizeOf = (content: Content): number => (content instanceof Uint8Array ? content.length : content.size)

// 4 GB at 20 Mbit/s.
const putTimeoutMs = 30 * 60_000

/** Sends bytes to an upload's own address: the store's, so the key stays at home. */
const put = async (
  { request }: Client,
  upload: UploadBody,
  contentType: string,
  body: Content,
  signal?: AbortSignal,
) => {
  const headers = { 'content-type': contentType, ...upload.headers }
  try {
    await request('PUT', upload.url, { headers, body, repeatable: true, timeoutMs: putTimeoutMs, signal })
  } catch (error) {
    // The address takes one PUT and nobody else has it: the bytes of a try whose answer was lost are there.
    if (!(error instanceof PreconditionFailedError)) throw error
  }
}

/** The route that gives an upload its address: the owner's for files of models and datasets, the other for calls and batches. */
type UploadRoute = '/api/uploads' | '/v1/uploads'

/** Stores what is too large for a request, for a day; answers the id that a request then names. */
export const sendUpload = async (
  client: Client,
  contentType: string,
  content: Content,
  route: UploadRoute = '/api/uploads',
  signal?: AbortSignal,
): Promise<string> => {
  const asked = { contentType, sizeBytes: sizeOf(content) }
  // An address that nobody used costs nothing, so asking again is safe.
  const { body } = await client.request<UploadBody>('POST', route, { body: asked, idempotencyKey: newKey(), signal })
  await put(client, body, contentType, content, signal)
  return body.id
}
