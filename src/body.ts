import type { z } from 'zod'
import { PercallError } from './errors.ts'
import { schemaWords } from './schema-words.ts'

/** Text to a JSON value. Throws BAD_JSON; the engine's message says where. */
export const parseJson = (text: string, reviver?: (key: string, value: unknown) => unknown): unknown => {
  try {
    return JSON.parse(text, reviver)
  } catch (cause) {
    // With a reviver, a body that nests too deep is a RangeError.
    throw new PercallError('BAD_JSON', `body: expected JSON, ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    })
  }
}

/** A parsed body through its schema. Throws BAD_REQUEST that names the first member at fault. */
export const checkBody = <Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> => {
  const parsed = schema.safeParse(body, { error: schemaWords })
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = ['body', ...(issue?.path ?? [])].join('.')
  throw new PercallError('BAD_REQUEST', `${where}: ${issue?.message ?? 'not as expected'}`)
}
