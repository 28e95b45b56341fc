import {
  healthAnswer,
  inferenceAnswer,
  modelMetadataAnswer,
  modelNamesAnswer,
  modelReadyAnswer,
  modelStatisticsAnswer,
  repositoryIndexAnswer,
  serverMetadataAnswer,
} from '../../src/answers/inference.ts'
import type { ErrorCode } from '../../src/errors.ts'
import { inferRequestSchema } from '../../src/tensor/json-request.ts'
import { indexSchema, type openInferenceRoutes } from '../predict/open-inference.ts'
import type { statsRoutes } from '../predict/stats.ts'
import { answeredLater, callAnswer, callErrors, callHeaders } from './call.ts'
import { json, type Operation, type Operations } from './operation.ts'

const named: readonly ErrorCode[] = ['NOT_GRANTED', 'UNKNOWN_MODEL', 'UNKNOWN_ALIAS', 'UNKNOWN_VERSION']

const health: Operation = { summary: 'Whether the service answers.', answers: { 200: { content: json(healthAnswer) } } }

const metadata: Operation = {
  summary: 'Inputs, outputs and versions of a model.',
  headers: ['Accept-Encoding'],
  answers: { 200: { content: json(modelMetadataAnswer) } },
  errors: named,
}

const ready: Operation = {
  summary: 'Whether a model can be called.',
  answers: { 200: { content: json(modelReadyAnswer) } },
  errors: named,
}

const statistics: Operation = {
  summary: "Statistics of a model's calls in Triton's shape; a consumer sees its own calls only.",
  answers: { 200: { content: json(modelStatisticsAnswer) } },
  errors: named,
}

const infer: Operation = {
  summary: 'Calls a model by tensors, in JSON or in bytes behind the JSON.',
  request: { 'application/json': inferRequestSchema, 'application/octet-stream': 'bytes', 'text/plain': 'text' },
  headers: [...callHeaders, 'Inference-Header-Content-Length'],
  answers: {
    200: {
      ...callAnswer({ ...json(inferenceAnswer), 'application/octet-stream': 'bytes' }),
      description: 'The outputs; with bytes where they were asked for.',
    },
    ...answeredLater,
  },
  errors: [...named, ...callErrors, 'UNKNOWN_OUTPUT', 'OUTPUT_NOT_EXPRESSIBLE'],
}

/** Open Inference Protocol V2. */
export const inferenceOperations: Operations<typeof openInferenceRoutes> & Operations<typeof statsRoutes> = {
  'GET /v2': {
    summary: 'Name, version and extensions of the server.',
    answers: { 200: { content: json(serverMetadataAnswer) } },
  },
  'GET /v2/health/live': health,
  'GET /v2/health/ready': health,
  'GET /v2/models': {
    summary: 'Names of the models that the key may call.',
    headers: ['Accept-Encoding'],
    answers: { 200: { content: json(modelNamesAnswer) } },
  },
  'POST /v2/repository/index': {
    summary: 'Every version of the models that the key may call.',
    request: json(indexSchema),
    bodyIsOptional: true,
    headers: ['Content-Encoding', 'Accept-Encoding'],
    answers: { 200: { content: json(repositoryIndexAnswer) } },
  },
  'GET /v2/models/{model}': metadata,
  'GET /v2/models/{model}/ready': ready,
  'GET /v2/models/{model}/stats': statistics,
  'POST /v2/models/{model}/infer': infer,
  'GET /v2/models/{model}/versions/{version}': metadata,
  'GET /v2/models/{model}/versions/{version}/ready': ready,
  'GET /v2/models/{model}/versions/{version}/stats': statistics,
  'POST /v2/models/{model}/versions/{version}/infer': infer,
}
