import type { ModelBody, Page, RegistrationBody, VersionBody } from './bodies.ts'
import type { Client } from './client.ts'
import type { PageQuery } from './paging.ts'
import { type Content, sendUpload } from './uploads.ts'

const modelPath = (model: string): string => `/api/models/${encodeURIComponent(model)}`

export const listModels = async ({ request }: Client, query: PageQuery = {}): Promise<Page<'models', ModelBody>> =>
  (await request<Page<'models', ModelBody>>('GET', '/api/models', { query })).body

export const getModel = async ({ request }: Client, model: string): Promise<ModelBody> =>
  (await request<ModelBody>('GET', modelPath(model))).body

export const listVersions = async (
  { request }: Client,
  model: string,
  query: PageQuery = {},
): Promise<Page<'versions', VersionBody>> =>
  (await request<Page<'versions', VersionBody>>('GET', `${modelPath(model)}/versions`, { query })).body

export const getVersion = async ({ request }: Client, model: string, version: number): Promise<VersionBody> =>
  (await request<VersionBody>('GET', `${modelPath(model)}/versions/${version}`)).body

/** Publishes the bytes of an .onnx file; the model is made where it is new. */
export const pushVersion = async (
  { request }: Client,
  model: string,
  onnx: Uint8Array,
  alias?: string,
): Promise<VersionBody> =>
  (await request<VersionBody>('POST', `${modelPath(model)}/versions`, { body: onnx, query: { alias } })).body

export type Registering = {
  /** manifest.json of the version, parsed. */
  readonly manifest?: unknown
  readonly alias?: string
}

/** Uploads an .onnx file of any size to 1 GB and begins to register it; `getRegistration` tells how that goes on. */
export const registerVersion = async (
  client: Client,
  model: string,
  onnx: Content,
  options: Registering = {},
): Promise<{ readonly id: string }> => {
  const upload = await sendUpload(client, 'application/octet-stream', onnx)
  const body = { upload, ...options }
  return (await client.request<{ id: string }>('POST', `${modelPath(model)}/versions`, { body })).body
}

/** Begins to optimise a version's graph; `getRegistration` tells how that goes on. */
export const optimiseVersion = async (
  { request }: Client,
  model: string,
  version: number,
  options: { readonly policy?: string; readonly alias?: string } = {},
): Promise<{ readonly id: string }> =>
  (await request<{ id: string }>('POST', `${modelPath(model)}/versions/${version}/optimise`, { body: options })).body

export const getRegistration = async ({ request }: Client, id: string): Promise<RegistrationBody> =>
  (await request<RegistrationBody>('GET', `/api/registrations/${encodeURIComponent(id)}`)).body

/** Uploaded files on their way to a version, newest first. */
export const listRegistrations = async (
  { request }: Client,
  query: PageQuery = {},
): Promise<Page<'registrations', RegistrationBody>> =>
  (await request<Page<'registrations', RegistrationBody>>('GET', '/api/registrations', { query })).body

/** Files of a version; `ort` is the pre-optimised form that serves it. */
export type VersionPart = 'model' | 'manifest' | 'card' | 'card.md' | 'ort'

// A gigabyte at 10 Mbit/s.
const downloadTimeoutMs = 15 * 60_000

/** One file of a version. Throws BAD_REQUEST for a part that the version does not have. */
export const downloadPart = async (
  { request }: Client,
  model: string,
  version: number,
  part: VersionPart,
): Promise<Uint8Array> =>
  (
    await request<Uint8Array>('GET', `${modelPath(model)}/versions/${version}/artifact`, {
      query: { part },
      as: 'bytes',
      timeoutMs: downloadTimeoutMs,
    })
  ).body

/** Points an alias at a version. */
export const moveAlias = async ({ request }: Client, model: string, alias: string, version: number): Promise<void> => {
  await request('PUT', `${modelPath(model)}/aliases/${encodeURIComponent(alias)}`, { body: { version } })
}
