import {
  embeddingsAnswer,
  openAiModelAnswer,
  openAiModelsAnswer,
  predictionsAnswer,
} from '../../src/answers/prediction.ts'
import { instancesSchema } from '../../src/instances.ts'
import type { openAiRoutes } from '../predict/openai.ts'
import type { rowRoutes } from '../predict/rows.ts'
import { answeredLater, callAnswer, callErrors, callHeaders } from './call.ts'
import { embeddingRequest } from './embedding-request.ts'
import { json, type Operations } from './operation.ts'

/** Rows, and what OpenAI's clients call. */
export const rowOperations: Operations<typeof rowRoutes> & Operations<typeof openAiRoutes> = {
  'GET /v1/models': {
    summary: 'Models that the key may call, as OpenAI lists them and by name.',
    answers: { 200: { content: json(openAiModelsAnswer) } },
  },
  'GET /v1/models/{target}': {
    summary: 'One model as OpenAI shows it.',
    answers: { 200: { content: json(openAiModelAnswer) } },
    errors: ['NOT_GRANTED', 'UNKNOWN_MODEL', 'UNKNOWN_ALIAS', 'UNKNOWN_VERSION'],
  },
  'POST /v1/models/{target}': {
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
