import { globalExplanationsAnswer } from '../../src/answers/explanation.ts'
import {
  aliasAnswer,
  aliasesAnswer,
  aliasHistoryAnswer,
  modelAnswer,
  modelStatsAnswer,
  modelsAnswer,
  registrationAnswer,
  registrationBegunAnswer,
  registrationsAnswer,
  versionAnswer,
  versionsAnswer,
  versionWithAliasesAnswer,
} from '../../src/answers/registry.ts'
import { type aliasRoutes, pointerSchema } from '../control/aliases.ts'
import type { explanationRoutes } from '../control/explanations.ts'
import { modelChangeSchema, type modelRoutes, modelSchema } from '../control/models.ts'
import { optimisationSchema, type registrationRoutes, registrationSchema } from '../control/registrations.ts'
import type { statsRoutes } from '../control/stats.ts'
import type { versionRoutes } from '../control/versions.ts'
import { json, type Operations } from './operation.ts'

const model = { content: json(modelAnswer), headers: ['ETag'] } as const

const modelOperations: Operations<typeof modelRoutes> & Operations<typeof statsRoutes> = {
  'GET /api/models': {
    summary: 'All models, with their aliases.',
    query: ['limit', 'next'],
    answers: { 200: { content: json(modelsAnswer) } },
  },
  'POST /api/models': {
    summary: 'Makes a model without versions.',
    request: json(modelSchema),
    headers: ['Content-Encoding'],
    answers: { 201: model },
    errors: ['BAD_NAME', 'CONFLICT'],
  },
  'GET /api/models/{model}': {
    summary: 'A model, with its aliases.',
    answers: { 200: model },
    errors: ['BAD_NAME', 'UNKNOWN_MODEL'],
  },
  'PATCH /api/models/{model}': {
    summary: 'Changes the fields that are sent.',
    request: json(modelChangeSchema),
    headers: ['If-Match', 'Content-Encoding'],
    answers: { 200: model },
    errors: ['BAD_NAME', 'UNKNOWN_MODEL', 'CONFLICT'],
  },
  'DELETE /api/models/{model}': {
    summary: 'Removes a model that has neither versions nor aliases.',
    headers: ['If-Match'],
    answers: { 204: {} },
    errors: ['BAD_NAME', 'UNKNOWN_MODEL', 'IN_USE', 'CONFLICT'],
  },
  'GET /api/models/{model}/stats': {
    summary: 'How often, how well and how fast a model and its versions answered.',
    query: ['window'],
    answers: { 200: { content: json(modelStatsAnswer) } },
    errors: ['BAD_REQUEST', 'BAD_NAME', 'UNKNOWN_MODEL'],
  },
}

const versionOperations: Operations<typeof versionRoutes> &
  Operations<typeof explanationRoutes> &
  Operations<typeof registrationRoutes> = {
  'GET /api/models/{model}/versions': {
    summary: 'Versions of a model.',
    query: ['limit', 'next'],
    answers: { 200: { content: json(versionsAnswer) } },
    errors: ['BAD_NAME', 'UNKNOWN_MODEL'],
  },
  'POST /api/models/{model}/versions': {
    summary: 'Registers an .onnx file of at most 4 MiB, or an upload; makes the model where it is new.',
    request: { 'application/octet-stream': 'bytes', 'application/json': registrationSchema },
    query: ['alias'],
    headers: ['Content-Encoding'],
    answers: {
      201: {
        description: 'The version of a file that came in the body.',
        content: json(versionAnswer),
        headers: ['Location'],
      },
      202: {
        description: 'The registration of an upload, to be asked for until it has ended.',
        content: json(registrationBegunAnswer),
        headers: ['Location'],
      },
    },
    errors: ['BAD_NAME', 'NOT_ONNX', 'UNSUPPORTED_ONNX', 'BAD_MANIFEST', 'UNKNOWN_UPLOAD', 'TOO_LARGE'],
  },
  'GET /api/models/{model}/versions/{version}': {
    summary: 'A version, with the aliases that point to it.',
    answers: { 200: { content: json(versionWithAliasesAnswer) } },
    errors: ['BAD_NAME', 'UNKNOWN_MODEL', 'UNKNOWN_VERSION'],
  },
  'DELETE /api/models/{model}/versions/{version}': {
    summary: 'Removes a version that no alias points to and no open call, batch or optimisation uses.',
    answers: { 204: {} },
    errors: ['BAD_NAME', 'UNKNOWN_MODEL', 'UNKNOWN_VERSION', 'IN_USE'],
  },
  'GET /api/models/{model}/versions/{version}/artifact': {
    summary: 'A file of a version.',
    query: ['part'],
    answers: { 302: { description: 'The file is at its Location.', headers: ['Location'] } },
    errors: ['BAD_REQUEST', 'BAD_NAME', 'UNKNOWN_MODEL', 'UNKNOWN_VERSION'],
  },
  'GET /api/models/{model}/versions/{version}/explanations': {
    summary: 'What matters to a version as a whole: importance, dependence, rules that come near it, calibration.',
    answers: { 200: { content: json(globalExplanationsAnswer) } },
    errors: ['BAD_NAME', 'UNKNOWN_MODEL', 'UNKNOWN_VERSION', 'UNKNOWN_EXPLANATION'],
  },
  'GET /api/models/{model}/versions/{version}/explanations/{plot}': {
    summary: 'One of them as a plot, for light and dark pages.',
    answers: { 200: { content: { 'image/svg+xml': 'text' } } },
    errors: ['BAD_NAME', 'UNKNOWN_MODEL', 'UNKNOWN_VERSION', 'UNKNOWN_EXPLANATION'],
  },
  'POST /api/models/{model}/versions/{version}/optimise': {
    summary: "Measures variants of a version's graph, and makes a version of the one that the policy asks for.",
    request: json(optimisationSchema),
    headers: ['Content-Encoding'],
    answers: {
      202: {
        description: 'The registration, to be asked for until it has ended.',
        content: json(registrationBegunAnswer),
        headers: ['Location'],
      },
    },
    errors: ['BAD_REQUEST', 'BAD_NAME', 'UNKNOWN_MODEL', 'UNKNOWN_VERSION', 'TOO_LARGE'],
  },
  'GET /api/registrations': {
    summary: 'Registrations of uploads, newest first.',
    query: ['limit', 'next'],
    answers: { 200: { content: json(registrationsAnswer) } },
  },
  'GET /api/registrations/{registration}': {
    summary: 'How far a registration is.',
    answers: { 200: { content: json(registrationAnswer) } },
    errors: ['UNKNOWN_REGISTRATION'],
  },
}

const alias = { content: json(aliasAnswer), headers: ['ETag'] } as const

const aliasOperations: Operations<typeof aliasRoutes> = {
  'GET /api/models/{model}/aliases': {
    summary: 'Aliases of a model.',
    answers: { 200: { content: json(aliasesAnswer) } },
    errors: ['BAD_NAME', 'UNKNOWN_MODEL'],
  },
  'GET /api/models/{model}/aliases/{alias}': {
    summary: 'Where an alias points.',
    answers: { 200: alias },
    errors: ['BAD_NAME', 'UNKNOWN_MODEL', 'UNKNOWN_ALIAS'],
  },
  'PUT /api/models/{model}/aliases/{alias}': {
    summary: 'Points an alias to a version.',
    request: json(pointerSchema),
    headers: ['If-Match', 'Content-Encoding'],
    answers: { 200: alias },
    errors: ['BAD_NAME', 'UNKNOWN_MODEL', 'UNKNOWN_VERSION'],
  },
  'DELETE /api/models/{model}/aliases/{alias}': {
    summary: 'Removes an alias.',
    headers: ['If-Match'],
    answers: { 204: {} },
    errors: ['BAD_NAME', 'UNKNOWN_MODEL', 'UNKNOWN_ALIAS'],
  },
  'GET /api/models/{model}/aliases/{alias}/history': {
    summary: 'Every move of an alias.',
    answers: { 200: { content: json(aliasHistoryAnswer) } },
    errors: ['BAD_NAME', 'UNKNOWN_MODEL', 'UNKNOWN_ALIAS'],
  },
}

/** Models, versions, aliases. */
export const registryOperations = { ...modelOperations, ...versionOperations, ...aliasOperations }
