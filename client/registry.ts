import type { ModelBody, Page, VersionBody } from './bodies.ts'
import type { Client } from './client.ts'

export type PageQuery = { readonly limit?: number; readonly next?: string }

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

/** Points an alias at a version. */
export const moveAlias = async ({ request }: Client, model: string, alias: string, version: number): Promise<void> => {
  await request('PUT', `${modelPath(model)}/aliases/${encodeURIComponent(alias)}`, { body: { version } })
}
