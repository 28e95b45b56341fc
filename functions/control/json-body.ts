import type { z } from 'zod'
import { checkBody, parseJson } from '../../src/body.ts'
import { jsonText } from '../middleware/decode.ts'
import type { RouteRequest } from '../route.ts'

/** The JSON body through its schema. Throws WRONG_MEDIA_TYPE, BAD_JSON, BAD_REQUEST. */
export const jsonBody = <Schema extends z.ZodType>(schema: Schema, request: RouteRequest): z.output<Schema> =>
  checkBody(schema, parseJson(jsonText(request)))
