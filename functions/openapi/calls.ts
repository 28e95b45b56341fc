import { batchAnswer, batchesAnswer, callAnswer, callsAnswer, rowErrorsAnswer } from '../../src/answers/calls.ts'
import { uploadAnswer } from '../../src/answers/common.ts'
import { batchRequestSchema } from '../../src/batch/batch.ts'
import { uploadSchema } from '../../src/upload.ts'
import type { batchRoutes } from '../batches/routes.ts'
import type { callRoutes } from '../predict/calls.ts'
import type { consumerUploadRoutes } from '../predict/uploads.ts'
import { json, type Operations } from './operation.ts'

/** Calls that are answered later, and the uploads that they read. */
export const callOperations: Operations<typeof callRoutes> & Operations<typeof consumerUploadRoutes> = {
  'GET /v1/calls': {
    summary: "The consumer's calls that are answered later, newest first.",
    query: ['limit', 'next'],
    answers: { 200: { content: json(callsAnswer) } },
  },
  'GET /v1/calls/{id}': {
    summary: 'How far a call is.',
    answers: { 200: { content: json(callAnswer), headers: ['Retry-After'] } },
    errors: ['UNKNOWN_CALL'],
  },
  'GET /v1/calls/{id}/result': {
    summary: 'The answer as it would have come at once; the refusal of a call that failed.',
    headers: ['Accept-Encoding'],
    answers: {
      200: {
        description: "The answer of the call's own route.",
        content: { 'application/json': 'text', 'application/octet-stream': 'bytes', 'text/csv': 'text' },
        headers: ['Percall-Original-Request-Id', 'Percall-Version', 'Percall-Units', 'Percall-Cost'],
      },
      303: {
        description: 'The answer is too large for the gateway: it is at its Location.',
        headers: ['Location', 'Percall-Original-Request-Id', 'Percall-Version', 'Percall-Units', 'Percall-Cost'],
      },
    },
    errors: ['UNKNOWN_CALL', 'CONFLICT', 'ANSWER_GONE', 'INFERENCE_REFUSED', 'OUT_OF_MEMORY', 'INFERENCE_TIMEOUT'],
  },
  'POST /v1/calls/{id}/cancel': {
    summary: 'Cancels a call; it is not charged.',
    answers: { 200: { content: json(callAnswer) } },
    errors: ['UNKNOWN_CALL', 'CALL_ENDED'],
  },
  'POST /v1/uploads': {
    summary: 'A place for one PUT of bytes that are too large for a request.',
    request: json(uploadSchema),
    headers: ['Content-Encoding'],
    answers: { 201: { content: json(uploadAnswer) } },
    errors: ['TOO_MANY_UPLOADS'],
  },
}

/** Files of rows. */
export const batchOperations: Operations<typeof batchRoutes> = {
  'GET /v1/batches': {
    summary: "The consumer's batches, newest first.",
    query: ['limit', 'next'],
    answers: { 200: { content: json(batchesAnswer) } },
  },
  'POST /v1/batches': {
    summary: 'Starts a batch on an uploaded file.',
    request: json(batchRequestSchema),
    headers: ['Idempotency-Key', 'Content-Encoding'],
    answers: {
      202: {
        content: json(batchAnswer),
        headers: ['Location', 'Idempotent-Replayed', 'Percall-Original-Request-Id'],
      },
    },
    errors: [
      ...(['NOT_GRANTED', 'UNKNOWN_MODEL', 'UNKNOWN_ALIAS', 'UNKNOWN_VERSION'] as const),
      'UNKNOWN_UPLOAD',
      'IDEMPOTENCY_KEY_REUSED',
    ],
  },
  'GET /v1/batches/{batch}': {
    summary: 'How far a batch is, and what it cost.',
    answers: { 200: { content: json(batchAnswer) } },
    errors: ['UNKNOWN_BATCH'],
  },
  'POST /v1/batches/{batch}/cancel': {
    summary: 'Cancels a batch; what was answered is charged and can be read.',
    answers: { 200: { content: json(batchAnswer) } },
    errors: ['UNKNOWN_BATCH', 'BATCH_ENDED'],
  },
  'GET /v1/batches/{batch}/result': {
    summary: 'The result file.',
    answers: { 302: { description: 'The file is at its Location.', headers: ['Location'] } },
    errors: ['UNKNOWN_BATCH', 'BATCH_OPEN', 'BATCH_ENDED'],
  },
  'GET /v1/batches/{batch}/errors': {
    summary: 'Rows that failed, in the order of the file.',
    query: ['limit', 'next'],
    answers: { 200: { content: json(rowErrorsAnswer) } },
    errors: ['UNKNOWN_BATCH'],
  },
}
