import * as z from 'zod'
import { embeddingSchemas } from '../../src/embedding/embedding-request.ts'

const { text, ids, texts, idLists } = embeddingSchemas

/** One schema of the four forms of `input`, of which a request has one. */
export const embeddingRequest = text.extend({
  input: z.union([text.shape.input, ids.shape.input, texts.shape.input, idLists.shape.input]),
})
