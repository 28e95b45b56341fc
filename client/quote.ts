import { contentOf, type Question } from './ask.ts'
import type { QuoteBody } from './bodies.ts'
import type { Client } from './client.ts'
import { embeddingsQuestion } from './embeddings.ts'
import { explainQuestion } from './explain.ts'
import { inferQuestion } from './infer.ts'
import { csvQuestion, rowsQuestion } from './rows.ts'

type Purpose = {
  /** `predict` unless the rows are to be explained; `explain` of this object takes how, too. */
  readonly for?: 'predict' | 'explain'
}

/** What a call with the body of a question would cost; the call is not made. */
const quoteOf =
  (client: Client) =>
  async (model: string, question: Question<unknown>, own: Purpose = {}): Promise<QuoteBody> => {
    const body = await contentOf(client, question, undefined)
    const query = { ...question.query, for: own.for }
    const path = `/v1/models/${encodeURIComponent(model)}:quote`
    return (await client.request<QuoteBody>('POST', path, { body, headers: question.headers, query })).body
  }

type RowsOptions = Parameters<typeof rowsQuestion>[2] & Purpose

/** Prices of calls by their own arguments. */
export const quotes = (client: Client) => {
  const quote = quoteOf(client)
  return {
    predict: (model: string, instances: Parameters<typeof rowsQuestion>[1], own?: RowsOptions) =>
      quote(model, rowsQuestion(model, instances, own), own),
    /** Refused with what the explanation would be, as far as it shows without the model's answers. */
    explain: (...[model, instances, own]: Parameters<typeof explainQuestion>) =>
      quote(model, explainQuestion(model, instances, own), { for: 'explain' }),
    predictCsv: (model: string, csv: string | Uint8Array, own?: RowsOptions) =>
      quote(model, csvQuestion(model, csv, own), own),
    infer: (...[model, inputs, own]: Parameters<typeof inferQuestion>) =>
      quote(model, inferQuestion(model, inputs, own)),
    embed: (...[model, input, own]: Parameters<typeof embeddingsQuestion>) =>
      quote(model, embeddingsQuestion(model, input, own)),
  }
}
