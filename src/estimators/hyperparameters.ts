import type { z } from 'zod'
import { PercallError } from '../errors.ts'
import { schemaWords } from '../schema-words.ts'

/** Given hyperparameters with defaults filled in. Throws BAD_RUN with the field's name. */
export const hyperparameters = <Schema extends z.ZodType>(
  algorithm: string,
  schema: Schema,
  given: unknown,
): z.output<Schema> => {
  const result = schema.safeParse(given ?? {}, { error: schemaWords })
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const where = ['parameters', algorithm, ...(issue?.path ?? [])].join('.')
  throw new PercallError('BAD_RUN', `${where}: ${issue?.message ?? 'not valid'}`)
}
