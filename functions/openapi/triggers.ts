import { arrivalsAnswer, decisionsAnswer, triggerAnswer, triggersAnswer } from '../../src/answers/triggers.ts'
import { triggerSchema } from '../../src/retrain/trigger.ts'
import type { triggerRoutes } from '../control/triggers.ts'
import { json, type Operations } from './operation.ts'

/** What starts runs by itself. */
export const triggerOperations: Operations<typeof triggerRoutes> = {
  'GET /api/triggers': {
    summary: 'What starts runs by itself, by model.',
    query: ['limit', 'next'],
    answers: { 200: { content: json(triggersAnswer) } },
  },
  'GET /api/triggers/{model}': {
    summary: "A model's trigger.",
    answers: { 200: { content: json(triggerAnswer), headers: ['ETag'] } },
    errors: ['BAD_NAME', 'UNKNOWN_TRIGGER'],
  },
  'PUT /api/triggers/{model}': {
    summary: "Starts a model's runs on new objects of a dataset, by a schedule in UTC, or both.",
    request: json(triggerSchema),
    headers: ['Content-Encoding', 'If-Match'],
    answers: { 200: { content: json(triggerAnswer), headers: ['ETag'] } },
    errors: ['BAD_NAME', 'BAD_SCHEDULE', 'BAD_RUN', 'UNKNOWN_TARGET', 'UNKNOWN_COLUMN', 'UNKNOWN_DATASET', 'STALE'],
  },
  'DELETE /api/triggers/{model}': {
    summary: 'Removes a trigger; its runs and decisions stay.',
    headers: ['If-Match'],
    answers: { 204: {} },
    errors: ['BAD_NAME', 'UNKNOWN_TRIGGER', 'STALE'],
  },
  'GET /api/triggers/{model}/decisions': {
    summary: 'What a trigger started and skipped in the last 90 days, and why; newest first.',
    query: ['limit', 'next'],
    answers: { 200: { content: json(decisionsAnswer) } },
    errors: ['BAD_NAME', 'UNKNOWN_TRIGGER'],
  },
  'GET /api/datasets/{dataset}/arrivals': {
    summary: "What became of the last write of each object among a dataset's incoming ones.",
    query: ['limit', 'next'],
    answers: { 200: { content: json(arrivalsAnswer) } },
    errors: ['BAD_NAME', 'UNKNOWN_DATASET'],
  },
}
