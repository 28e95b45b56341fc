import type { CallFacts, PredictionBody, TensorBody } from './bodies.ts'
import type { Answer, Client } from './client.ts'

/** A row by column name, or its cells in column order. */
export type Instance = Readonly<Record<string, unknown>> | readonly unknown[]

const factsOf = ({ headers, requestId }: Answer): CallFacts => ({
  requestId,
  version: headers.get('percall-version') ?? '',
  units: Number(headers.get('percall-units') ?? 0),
  cost: headers.get('percall-cost') ?? '0',
  cold: headers.get('percall-cold') === '1',
})

export type Predicted = { readonly predictions: readonly PredictionBody[] } & CallFacts

/** Calls a model by rows. `model` is `name`, `name@alias` or `name@3`. `unknown: 'ignore'` drops columns it does not know. */
export const predictRows =
  ({ request }: Client) =>
  async (
    model: string,
    instances: readonly Instance[],
    { unknown, signal }: { readonly unknown?: 'refuse' | 'ignore'; readonly signal?: AbortSignal } = {},
  ): Promise<Predicted> => {
    const answer = await request<{ predictions: readonly PredictionBody[] }>(
      'POST',
      `/v1/models/${encodeURIComponent(model)}:predict`,
      { body: { instances }, query: { unknown }, ...(signal && { signal }) },
    )
    return { predictions: answer.body.predictions, ...factsOf(answer) }
  }

/** Names of the models that the key may call. */
export const callableModels = async ({ request }: Client): Promise<readonly string[]> =>
  (await request<{ models: readonly string[] }>('GET', '/v2/models')).body.models

/** The inputs that a model declares. `model` is `name`, `name@alias` or `name@3`. */
export const declaredInputs = async ({ request }: Client, model: string): Promise<readonly TensorBody[]> =>
  (await request<{ inputs: readonly TensorBody[] }>('GET', `/v2/models/${encodeURIComponent(model)}`)).body.inputs
