import { ApiError } from '../client/client.ts'
import type { ExplainOptions } from '../client/explain.ts'
import type { ExplanationsBody } from '../client/explanation-body.ts'
import type { Instance } from '../client/rows.ts'
import { readCsv } from './csv.ts'
import { wrongUsage } from './failure.ts'
import { Refused } from './refused.ts'
import { isJson, readInstances } from './rows-file.ts'

/** Options of `percall explain`. */
export type Options = {
  readonly row?: string
  readonly method?: ExplanationsBody['method']
  readonly class?: string
  readonly budget?: string
  readonly background?: string
  readonly interactions?: boolean
  readonly counterfactual?: boolean
  readonly to?: string
  readonly fixed?: string
  readonly lang?: ExplanationsBody['language']
  readonly ignoreUnknown?: boolean
  readonly html?: string
  readonly out?: string
  readonly skip?: string
  readonly rowsPerCall?: number
  readonly idempotencyKey?: string
  readonly async?: boolean
  readonly quote?: boolean
  readonly global?: boolean
  readonly plots?: string
}

export const rowsOf = async (file: string): Promise<readonly Instance[]> =>
  isJson(file) ? readInstances(file) : readCsv(file).rows

const counterfactualOf = ({ counterfactual, to, fixed }: Options) => {
  if (!counterfactual && (to !== undefined || fixed !== undefined))
    throw wrongUsage('--to and --fixed: expected --counterfactual beside them')
  if (!counterfactual) return undefined
  return { ...(to !== undefined && { class: to }), ...(fixed !== undefined && { fixed: fixed.split(',') }) }
}

const budgetOf = (budget: string | undefined): number | undefined => {
  if (budget === undefined) return undefined
  if (/^[1-9]\d*$/.test(budget)) return Number(budget)
  throw wrongUsage(`--budget: expected a number of model rows, got ${budget}`)
}

/** How rows are to be explained. */
export const wishesOf = async (options: Options): Promise<ExplainOptions> => ({
  unknown: options.ignoreUnknown ? 'ignore' : 'refuse',
  ...{ method: options.method, class: options.class, interactions: options.interactions, language: options.lang },
  ...{ budget: budgetOf(options.budget), counterfactual: counterfactualOf(options) },
  background: options.background === undefined ? undefined : await rowsOf(options.background),
})

/** Members of a call's body, and the option that says each. */
const optionOf = new Map([
  ['method', '--method'],
  ['class', '--class'],
  ['budget', '--budget'],
  ['interactions', '--interactions'],
  ['counterfactual', '--counterfactual'],
  ['counterfactual.class', '--to'],
  ['counterfactual.fixed', '--fixed'],
])

/** A refusal that begins with a member of the body -> the option to change, in place of words about bodies. */
export const namingOption = (thrown: unknown): unknown => {
  if (!(thrown instanceof ApiError) || !['BAD_REQUEST', 'UNKNOWN_COLUMN', 'WRONG_TASK'].includes(thrown.code))
    return thrown
  const option = optionOf.get(/^(?:body\.)?([a-z]+(?:\.[a-z]+)?)\b/.exec(thrown.message)?.[1] ?? '')
  return option === undefined ? thrown : new Refused(thrown.message, `change ${option}, or leave it out`, thrown)
}
