import { type BatchOptions, listBatches, openBatch, submitBatch } from './batches.ts'
import { getMe, type UsageQuery } from './billing.ts'
import type { CallBody } from './bodies.ts'
import { callResult, cancelCall, getCall, listCalls, submit, waitForCall } from './calls.ts'
import { type ClientOptions, connect } from './client.ts'
import { embed, embeddingsQuestion } from './embeddings.ts'
import { explainQuestion, explainRows } from './explain.ts'
import { infer, inferQuestion } from './infer.ts'
import { callableModels, callStatistics, modelMetadata } from './models.ts'
import { eachItem, type PageQuery } from './paging.ts'
import { quotes } from './quote.ts'
import { csvQuestion, predictCsv, predictRows, rowsQuestion } from './rows.ts'
import type { Content } from './uploads.ts'
import type { WaitOptions } from './wait.ts'

export type { CallOptions } from './ask.ts'
export type { Batch, BatchOptions } from './batches.ts'
export * from './billing.ts'
export type * from './bodies.ts'
export type { Call } from './calls.ts'
export { type Client, type ClientOptions, connect, type Logger } from './client.ts'
export type { Embedded, EmbedOptions } from './embeddings.ts'
export * from './errors.ts'
export { type Explained, type ExplainOptions, getExplanationPlot, getExplanations } from './explain.ts'
export type * from './explanation-body.ts'
export type { Inference, InferOptions, WantedOutput } from './infer.ts'
export type { Outputs } from './infer-answer.ts'
export { modelStats } from './models.ts'
export * from './registry.ts'
export type { Instance, Predicted, PredictedCsv, PredictOptions } from './rows.ts'
export type { InputValue, Output, OutputOf } from './tensors.ts'
export * from './training.ts'

/**
 * A client of one service, with a key of a consumer or an owner. It needs nothing but fetch, so it runs in Node,
 * browsers, workers, Deno and Bun alike. A model is `name`, `name@alias` or `name@3`. Every method throws an ApiError,
 * with a class for each status, and TypeError for arguments that cannot be sent. The functions of this module for owners
 * (`pushVersion`, `createKey`, `setPrice`, `createRun`...) take it as their first argument.
 */
export const createClient = (options: ClientOptions) => {
  const client = connect(options)
  return {
    ...client,
    /** Calls a model by tensors. */
    infer: infer(client),
    /** Calls a model by rows. */
    predict: predictRows(client),
    /** Calls a model by the lines of a CSV. */
    predictCsv: predictCsv(client),
    /** What each column adds to a model's answers, by rows. */
    explain: explainRows(client),
    /** Vectors of texts. */
    embed: embed(client),
    /** Names of the models that the key may call. */
    models: () => callableModels(client),
    /** Inputs and outputs of a model. */
    metadata: (model: string) => modelMetadata(client, model),
    /** The key's own calls of each version of a model, an owner's all. */
    statistics: (model: string) => callStatistics(client, model),
    /** Who the key is, what it may call and what it used. */
    me: (query?: UsageQuery) => getMe(client, query),
    /** What the same calls would cost, by list prices of this hour; nothing is called or charged. */
    quote: quotes(client),
    /** The same calls, answered later: they may take 15 minutes, and answer more than the gateway takes. */
    submit: {
      infer: (...[model, inputs, own]: Parameters<ReturnType<typeof infer>>) =>
        submit(client, inferQuestion(model, inputs, own), own),
      predict: (...[model, instances, own]: Parameters<ReturnType<typeof predictRows>>) =>
        submit(client, rowsQuestion(model, instances, own), own),
      predictCsv: (...[model, csv, own]: Parameters<ReturnType<typeof predictCsv>>) =>
        submit(client, csvQuestion(model, csv, own), own),
      explain: (...[model, instances, own]: Parameters<ReturnType<typeof explainRows>>) =>
        submit(client, explainQuestion(model, instances, own), own),
      embed: (...[model, input, own]: Parameters<ReturnType<typeof embed>>) =>
        submit(client, embeddingsQuestion(model, input, own), own),
    },
    /** Calls that are answered later, by their ids; kept for 2 days. */
    calls: {
      /** Newest first, page after page: `for await (const call of percall.calls.list())`. */
      list: (query?: PageQuery) => eachItem('calls', (page) => listCalls(client, page), query),
      get: (id: string) => getCall(client, id),
      wait: (id: string, own?: WaitOptions<CallBody>) => waitForCall(client, id, own),
      /** The answer as it came: headers, and bytes as its body. */
      result: (id: string, signal?: AbortSignal) => callResult(client, id, signal),
      cancel: (id: string) => cancelCall(client, id),
    },
    /** Files of rows. */
    batches: {
      submit: (model: string, file: Content | string, own: BatchOptions) => submitBatch(client, model, file, own),
      open: (id: string) => openBatch(client, id),
      /** Newest first, page after page. */
      list: (query?: PageQuery) => eachItem('batches', (page) => listBatches(client, page), query),
    },
  }
}

export type Percall = ReturnType<typeof createClient>
