import { ask, type CallOptions, type Question, textOf } from './ask.ts'
import type { CallFacts, PredictionBody } from './bodies.ts'
import type { Client } from './client.ts'

/** A row by column name, or its cells in column order. */
export type Instance = Readonly<Record<string, unknown>> | readonly unknown[]

export type Predictions = { readonly predictions: readonly PredictionBody[] }
export type Predicted = Predictions & CallFacts
/** The rows that were sent, with `prediction` and `probability_<class>` at the end of each line. */
export type PredictedCsv = { readonly csv: string } & CallFacts

/** `ignore` drops columns that the model does not know; `refuse`, the default, names them in an error. */
type RowOptions = { readonly unknown?: 'refuse' | 'ignore' | undefined }
export type PredictOptions = CallOptions & RowOptions

const pathOf = (model: string): string => `/v1/models/${encodeURIComponent(model)}:predict`

/** Rows of a model, which is `name`, `name@alias` or `name@3`. */
export const rowsQuestion = (
  model: string,
  instances: readonly Instance[],
  { unknown }: RowOptions = {},
): Question<Predictions> => ({
  path: pathOf(model),
  query: { unknown },
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ instances }),
  // docs/http.md gives the answer's members.
  read: (answer) => ({ predictions: (JSON.parse(textOf(answer)) as Predictions).predictions }),
})

/** A CSV with a header, as text or UTF-8. */
export const csvQuestion = (
  model: string,
  csv: string | Uint8Array,
  { unknown }: RowOptions = {},
): Question<{ readonly csv: string }> => ({
  path: pathOf(model),
  query: { unknown },
  headers: { 'content-type': 'text/csv', accept: 'text/csv' },
  body: csv,
  read: (answer) => ({ csv: textOf(answer) }),
})

/** Calls a model by rows. */
export const predictRows =
  (client: Client) =>
  (model: string, instances: readonly Instance[], options: PredictOptions = {}): Promise<Predicted> =>
    ask(client, rowsQuestion(model, instances, options), options)

/** Calls a model by the lines of a CSV. */
export const predictCsv =
  (client: Client) =>
  (model: string, csv: string | Uint8Array, options: PredictOptions = {}): Promise<PredictedCsv> =>
    ask(client, csvQuestion(model, csv, options), options)
