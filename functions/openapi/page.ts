import * as z from 'zod'
import type { openApiRoutes } from '../control/openapi.ts'
import type { pageRoutes } from '../control/page.ts'
import { json, type Operations } from './operation.ts'

/** What is read by people and by tools, without a key. */
export const pageOperations: Operations<typeof pageRoutes> & Operations<typeof openApiRoutes> = {
  'GET /': {
    summary: 'A page that tries models; its reader types a key.',
    answers: { 200: { content: { 'text/html': 'text' } } },
  },
  'GET /openapi.json': {
    summary: 'This document.',
    headers: ['Accept-Encoding'],
    answers: { 200: { content: json(z.looseObject({ openapi: z.string() })) } },
  },
}
