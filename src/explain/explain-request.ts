import * as z from 'zod'
import { checkBody, parseJson } from '../body.ts'
import { instancesSchema } from '../call/instances.ts'
import { PercallError } from '../errors.ts'
import { schemaWords } from '../schema-words.ts'
import type { Method } from './explanation.ts'
import { languages } from './phrases.ts'

const methods = ['tree-path-dependent', 'tree-interventional', 'linear', 'permutation'] as const satisfies Method[]

const label = z.union([z.string(), z.number(), z.boolean()])

/** More background rows than this cost time and change little: the version's own sample has 50. */
const mostBackgroundRows = 1000
/** Model rows that one explained row may ask for. */
const mostBudget = 1_000_000
/** Each batch of a search is held as rows. */
const mostSearchBudget = 50_000

const counterfactualSchema = z
  .strictObject({
    /** The class to reach; any other than the answered one by default. */
    class: label.exactOptional(),
    /** Columns that must stay as they are. */
    fixed: z.array(z.string()).readonly().exactOptional(),
    /** Model rows that the search for one row may take. */
    budget: z.int().min(1).max(mostSearchBudget).exactOptional(),
  })
  .readonly()

/** How rows are to be explained, but for the background: all of it fits a query. */
const optionsSchema = z.object({
  method: z.enum(methods).exactOptional(),
  class: label.exactOptional(),
  interactions: z.boolean().exactOptional(),
  budget: z.int().min(1).max(mostBudget).exactOptional(),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .exactOptional(),
  language: z.enum(languages).exactOptional(),
  counterfactual: z.union([z.boolean(), counterfactualSchema]).exactOptional(),
})

export const explainSchema = instancesSchema
  .extend({
    ...optionsSchema.shape,
    background: z
      .custom<readonly unknown[]>(
        (value) => Array.isArray(value) && value.length > 0 && value.length <= mostBackgroundRows,
        `expected an array of 1 to ${mostBackgroundRows} rows`,
      )
      .exactOptional(),
  })
  .strict()

export type ExplainOptions = z.infer<typeof optionsSchema> & { readonly background?: readonly unknown[] }

const queryNames = ['method', 'class', 'interactions', 'budget', 'seed', 'language', 'counterfactual'] as const

/** A query's words as the JSON values that they stand for. */
const fromWord = (name: (typeof queryNames)[number], word: string): unknown => {
  if (name === 'budget' || name === 'seed') return /^\d+$/.test(word) ? Number(word) : word
  if (name !== 'interactions' && name !== 'counterfactual') return word
  return word === 'true' ? true : word === 'false' ? false : word
}

const queryOptions = (query: URLSearchParams): z.infer<typeof optionsSchema> => {
  const given: Record<string, unknown> = {}
  for (const name of queryNames) {
    const word = query.get(name)
    if (word !== null) given[name] = fromWord(name, word)
  }
  const parsed = optionsSchema.safeParse(given, { error: schemaWords })
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new PercallError('BAD_REQUEST', `${issue?.path.join('.')}: ${issue?.message ?? 'not as expected'}`)
}

/** Options of a query, which is all that CSV can have. Throws BAD_REQUEST. */
export const csvExplainOptions = queryOptions

/**
 * Rows and options of a JSON body, and the options of its query. Throws BAD_JSON, BAD_REQUEST for an option of another form
 * or one that both have.
 */
export const parseExplainBody = (
  text: string,
  query: URLSearchParams,
): { readonly instances: readonly unknown[]; readonly options: ExplainOptions } => {
  const { instances, ...inBody } = checkBody(explainSchema, parseJson(text))
  const inQuery = queryOptions(query)
  const twice = queryNames.find((name) => inQuery[name] !== undefined && inBody[name] !== undefined)
  if (twice) throw new PercallError('BAD_REQUEST', `${twice}: expected it in the body or in the query, got both`)
  return { instances, options: { ...inQuery, ...inBody } }
}
