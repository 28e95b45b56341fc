import type { Client } from './client.ts'
import { ConnectionError, errorOf } from './errors.ts'

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

/** Sends bytes to an upload's own address: the store's, so the key stays at home. */
const put = async (upload: UploadBody, contentType: string, content: Content): Promise<void> => {
  const headers = { 'content-type': contentType, ...upload.headers }
  // A view of any buffer can be sent; the type of BodyInit leaves shared memory out.
  const body = content as Uint8Array<ArrayBuffer> | Blob
  const response = await fetch(upload.url, { method: 'PUT', headers, body }).catch((cause) => {
    throw new ConnectionError('no connection to the store of uploads', { code: 'CONNECTION_FAILED' }, { cause })
  })
  if (!response.ok) throw errorOf(response.status, response.headers, { message: await response.text() }, undefined)
}

/** Stores what is too large for a request, for a day; answers the id that a request then names. */
export const sendUpload = async (
  { request }: Client,
  contentType: string,
  content: Content,
  /** `/v1/uploads` takes a consumer's key too. */
  path: '/api/uploads' | '/v1/uploads' = '/api/uploads',
): Promise<string> => {
  const asked = { contentType, sizeBytes: sizeOf(content) }
  const { body } = await request<UploadBody>('POST', path, { body: asked })
  await put(body, contentType, content)
  return body.id
}
