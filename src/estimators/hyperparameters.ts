import type { z } from 'zod'
import { PercallError } from '../errors.ts'

/** Given hyperparameters with defaults filled in. Throws BAD_RUN with the field's name. */
export const hyperparameters = <Schema extends z.ZodType>(
  algorithm: string,
  schema: Schema,
  given: unknown,
): z.output<Schema> => {
  const result = schema.safeParse(given ?? {})
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const where = ['parameters', algorithm, ...(issue?.path ?? [])].join('.')
  throw new PercallError('BAD_RUN', `${where}: ${issue?.message ?? 'not valid'}`)
}
