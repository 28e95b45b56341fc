import type { ModelStatsBody, StatsBody, TensorBody } from './bodies.ts'
import type { Client } from './client.ts'

const pathOf = (model: string): string => `/v2/models/${encodeURIComponent(model)}`

/** Names of the models that the key may call. */
export const callableModels = async ({ request }: Client): Promise<readonly string[]> =>
  (await request<{ models: readonly string[] }>('GET', '/v2/models')).body.models

/** What a model takes and answers, as the Open Inference Protocol has it. */
export type ModelMetadata = {
  readonly name: string
  readonly versions: readonly string[]
  readonly platform: string
  readonly inputs: readonly TensorBody[]
  readonly outputs: readonly TensorBody[]
  readonly parameters?: Readonly<Record<string, unknown>>
}

/** Inputs and outputs of a model, which is `name`, `name@alias` or `name@3`. */
export const modelMetadata = async ({ request }: Client, model: string): Promise<ModelMetadata> =>
  (await request<ModelMetadata>('GET', pathOf(model))).body

/** Numbers of a model's versions, of one that has no alias too; none where the key may not call it. */
export const callableVersions = async ({ request }: Client, model: string): Promise<readonly number[]> => {
  const index = await request<readonly { name: string; version: string }[]>('POST', '/v2/repository/index')
  return index.body.filter(({ name }) => name === model).map(({ version }) => Number(version))
}

/** The inputs that a model declares. */
export const declaredInputs = async (client: Client, model: string): Promise<readonly TensorBody[]> =>
  (await modelMetadata(client, model)).inputs

/** The calling consumer's own calls of each version, an owner's all, in Triton's form. */
export const callStatistics = async ({ request }: Client, model: string): Promise<readonly ModelStatsBody[]> =>
  (await request<{ model_stats: readonly ModelStatsBody[] }>('GET', `${pathOf(model)}/stats`)).body.model_stats

/** An owner's view of a model's calls: `window` is `1h` to `14d`, a day by default. */
export const modelStats = async ({ request }: Client, model: string, window?: string): Promise<StatsBody> =>
  (await request<StatsBody>('GET', `/api/models/${encodeURIComponent(model)}/stats`, { query: { window } })).body
