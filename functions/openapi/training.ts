import { uploadAnswer } from '../../src/answers/common.ts'
import {
  datasetAnswer,
  datasetIngestedAnswer,
  datasetsAnswer,
  datasetVersionAnswer,
  datasetVersionsAnswer,
  leaderboardAnswer,
  runAnswer,
  runBegunAnswer,
  runEventsAnswer,
  runsAnswer,
} from '../../src/answers/training.ts'
import { runRequestSchema } from '../../src/run/request.ts'
import { ownerUploadSchema } from '../../src/upload.ts'
import { type datasetRoutes, datasetUploadSchema, newDatasetSchema } from '../control/datasets.ts'
import type { runRoutes } from '../control/runs.ts'
import type { uploadRoutes } from '../control/uploads.ts'
import { json, type Operations } from './operation.ts'

const ingested = { content: json(datasetIngestedAnswer), headers: ['Location'] } as const

/** Tables, and the owner's uploads. */
export const datasetOperations: Operations<typeof datasetRoutes> & Operations<typeof uploadRoutes> = {
  'GET /api/datasets': {
    summary: 'All datasets.',
    query: ['limit', 'next'],
    answers: { 200: { content: json(datasetsAnswer) } },
  },
  'POST /api/datasets': {
    summary: 'Makes a dataset without versions.',
    request: json(newDatasetSchema),
    headers: ['Content-Encoding'],
    answers: { 201: { content: json(datasetAnswer) } },
    errors: ['BAD_NAME', 'CONFLICT'],
  },
  'GET /api/datasets/{dataset}': {
    summary: 'A dataset.',
    answers: { 200: { content: json(datasetAnswer) } },
    errors: ['BAD_NAME', 'UNKNOWN_DATASET'],
  },
  'GET /api/datasets/{dataset}/versions': {
    summary: 'Versions of a dataset.',
    query: ['limit', 'next'],
    answers: { 200: { content: json(datasetVersionsAnswer) } },
    errors: ['BAD_NAME', 'UNKNOWN_DATASET'],
  },
  'POST /api/datasets/{dataset}/versions': {
    summary: 'Adds a file of at most 4 MiB, or an upload; makes the dataset where it is new.',
    request: {
      'text/csv': 'text',
      'application/jsonl': 'text',
      'application/vnd.apache.parquet': 'bytes',
      'application/json': datasetUploadSchema,
    },
    answers: { 200: { ...ingested, description: 'The latest version has these bytes already.' }, 201: ingested },
    errors: ['BAD_NAME', 'BAD_TABLE', 'BAD_CELL', 'UNKNOWN_UPLOAD', 'TOO_LARGE'],
  },
  'GET /api/datasets/{dataset}/versions/{version}': {
    summary: 'A version of a dataset, without its profile.',
    answers: { 200: { content: json(datasetVersionAnswer) } },
    errors: ['BAD_NAME', 'UNKNOWN_DATASET'],
  },
  'POST /api/uploads': {
    summary: 'A place for one PUT of a file that is too large for a request.',
    request: json(ownerUploadSchema),
    headers: ['Content-Encoding'],
    answers: { 201: { content: json(uploadAnswer) } },
  },
}

/** Training. */
export const runOperations: Operations<typeof runRoutes> = {
  'GET /api/runs': {
    summary: 'Runs, newest first.',
    query: ['limit', 'next'],
    answers: { 200: { content: json(runsAnswer) } },
  },
  'POST /api/runs': {
    summary: 'Starts a run, or joins the one that the same request has begun.',
    request: json(runRequestSchema),
    headers: ['Content-Encoding'],
    answers: { 202: { content: json(runBegunAnswer), headers: ['Location'] } },
    errors: ['BAD_RUN', 'BAD_NAME', 'UNKNOWN_TARGET', 'UNKNOWN_COLUMN', 'UNKNOWN_DATASET'],
  },
  'GET /api/runs/{run}': {
    summary: 'How far a run is, and how it ended.',
    answers: { 200: { content: json(runAnswer) } },
    errors: ['UNKNOWN_RUN'],
  },
  'GET /api/runs/{run}/events': {
    summary: 'What a run told, in order.',
    query: ['after', 'limit', 'next'],
    answers: { 200: { content: json(runEventsAnswer) } },
    errors: ['UNKNOWN_RUN'],
  },
  'GET /api/runs/{run}/leaderboard': {
    summary: 'What each trial of a run reached.',
    answers: { 200: { content: json(leaderboardAnswer) } },
    errors: ['UNKNOWN_RUN'],
  },
  'POST /api/runs/{run}/cancel': {
    summary: 'Cancels a run.',
    answers: { 200: { content: json(runAnswer) } },
    errors: ['UNKNOWN_RUN', 'RUN_ENDED'],
  },
}
