import * as z from 'zod'
import { quoteAnswer } from '../../src/answers/billing.ts'
import { explanationsAnswer } from '../../src/answers/explanation.ts'
import {
  embeddingsAnswer,
  openAiModelAnswer,
  openAiModelsAnswer,
  predictionsAnswer,
} from '../../src/answers/prediction.ts'
import { instancesSchema } from '../../src/call/instances.ts'
import { explainSchema } from '../../src/explain/explain-request.ts'
import { inferRequestSchema } from '../../src/tensor/json-request.ts'
import type { explainRoutes } from '../predict/explain.ts'
import type { openAiRoutes } from '../predict/openai.ts'
import type { quoteRoutes } from '../predict/quote.ts'
import type { rowRoutes } from '../predict/rows.ts'
import { answeredLater, callAnswer, callErrors, callHeaders } from './call.ts'
import { embeddingRequest } from './embedding-request.ts'
import { json, type Operations } from './operation.ts'

/** The bodies of the routes whose call is quoted; the model of an embedding request is that of the path. */
const quotedBody = z.union([
  instancesSchema,
  explainSchema,
  inferRequestSchema,
  embeddingRequest.partial({ model: true }),
])

/** Rows, their prices, and what OpenAI's clients call. */
export const rowOperations: Operations<typeof rowRoutes> &
  Operations<typeof explainRoutes> &
  Operations<typeof quoteRoutes> &
  Operations<typeof openAiRoutes> = {
  'GET /v1/models': {
    summary: 'Models that the key may call, as OpenAI lists them and by name.',
    answers: { 200: { content: json(openAiModelsAnswer) } },
  },
  'GET /v1/models/{model}': {
    summary: 'One model as OpenAI shows it.',
    answers: { 200: { content: json(openAiModelAnswer) } },
    errors: ['NOT_GRANTED', 'UNKNOWN_MODEL', 'UNKNOWN_ALIAS', 'UNKNOWN_VERSION'],
  },
  'POST /v1/models/{model}:predict': {
    summary: 'Calls a model by rows, in JSON or CSV.',
    request: { 'application/json': instancesSchema, 'text/csv': 'text', 'text/plain': 'text' },
    query: ['unknown'],
    headers: callHeaders,
    answers: {
      200: callAnswer({ 'application/json': predictionsAnswer, 'text/csv': 'text' }),
      ...answeredLater,
    },
    errors: [
      ...(['NOT_GRANTED', 'UNKNOWN_MODEL', 'UNKNOWN_ALIAS', 'UNKNOWN_VERSION'] as const),
      ...callErrors,
      'UNKNOWN_COLUMN',
      'BAD_CELL',
      'BAD_TABLE',
      'WRONG_TASK',
      'OUTPUT_NOT_EXPRESSIBLE',
    ],
  },
  'POST /v1/models/{model}:explain': {
    summary: 'Explains answers by rows: what each column adds, in numbers and words; charged by explained rows.',
    request: { 'application/json': explainSchema, 'text/csv': 'text', 'text/plain': 'text' },
    query: ['unknown', 'method', 'class', 'interactions', 'budget', 'seed', 'language', 'counterfactual'],
    headers: callHeaders,
    answers: { 200: callAnswer(json(explanationsAnswer)), ...answeredLater },
    errors: [
      ...(['NOT_GRANTED', 'UNKNOWN_MODEL', 'UNKNOWN_ALIAS', 'UNKNOWN_VERSION'] as const),
      ...callErrors,
      ...(['UNKNOWN_COLUMN', 'BAD_CELL', 'BAD_TABLE', 'WRONG_TASK', 'OUTPUT_NOT_EXPRESSIBLE'] as const),
      ...(['OWNER_ONLY', 'NOT_EXPLAINABLE', 'BUDGET_TOO_SMALL', 'BAD_BACKGROUND'] as const),
    ],
  },
  'POST /v1/models/{model}:quote': {
    summary:
      'What a call with the body would cost, by list prices; a body of :predict, :explain, infer or embeddings. It is free.',
    request: {
      'application/json': quotedBody,
      'text/csv': 'text',
      'application/octet-stream': 'bytes',
      'text/plain': 'text',
    },
    query: ['for', 'unknown', 'method', 'class', 'interactions', 'budget', 'seed', 'language', 'counterfactual'],
    headers: ['Content-Encoding', 'Inference-Header-Content-Length'],
    answers: { 200: { content: json(quoteAnswer) } },
    errors: [
      ...(['NOT_GRANTED', 'UNKNOWN_MODEL', 'UNKNOWN_ALIAS', 'UNKNOWN_VERSION'] as const),
      ...(['BAD_DATATYPE', 'BAD_VALUE', 'SHAPE_MISMATCH', 'UNKNOWN_INPUT', 'MISSING_INPUT', 'UNKNOWN_OUTPUT'] as const),
      ...(['UNKNOWN_COLUMN', 'BAD_CELL', 'BAD_TABLE', 'WRONG_TASK', 'TOO_MANY_TOKENS', 'UNKNOWN_UPLOAD'] as const),
      ...(['OWNER_ONLY', 'NOT_EXPLAINABLE', 'BUDGET_TOO_SMALL', 'BAD_BACKGROUND'] as const),
    ],
  },
  'POST /v1/embeddings': {
    summary: "Vectors of texts, by OpenAI's request.",
    request: { 'application/json': embeddingRequest, 'text/plain': 'text' },
    headers: callHeaders,
    answers: { 200: callAnswer(json(embeddingsAnswer)), ...answeredLater },
    errors: [
      ...(['NOT_GRANTED', 'UNKNOWN_MODEL', 'UNKNOWN_ALIAS', 'UNKNOWN_VERSION'] as const),
      ...callErrors,
      'TOO_MANY_TOKENS',
      'WRONG_TASK',
    ],
  },
}
