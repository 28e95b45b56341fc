import { ask, type CallOptions, type Question, textOf } from './ask.ts'
import type { CallFacts } from './bodies.ts'
import type { Client } from './client.ts'
import type { ExplanationsBody, GlobalExplanationsBody } from './explanation-body.ts'
import type { Instance } from './rows.ts'

export type Explained = ExplanationsBody & CallFacts

/** How rows are to be explained; docs/explain.md tells what each does. */
type ExplainWishes = {
  readonly unknown?: 'refuse' | 'ignore' | undefined
  readonly method?: ExplanationsBody['method'] | undefined
  readonly class?: string | number | boolean | undefined
  /** Rows that absent columns are taken from, instead of the version's own. */
  readonly background?: readonly Instance[] | undefined
  readonly interactions?: boolean | undefined
  readonly budget?: number | undefined
  readonly seed?: number | undefined
  readonly language?: ExplanationsBody['language'] | undefined
  readonly counterfactual?:
    | boolean
    | { readonly class?: string | number | boolean; readonly fixed?: readonly string[]; readonly budget?: number }
    | undefined
}

export type ExplainOptions = CallOptions & ExplainWishes

/** Rows of a model, which is `name`, `name@alias` or `name@3`. */
export const explainQuestion = (
  model: string,
  instances: readonly Instance[],
  { unknown, ...own }: ExplainWishes = {},
): Question<ExplanationsBody> => {
  const { method, class: label, background, interactions, budget, seed, language, counterfactual } = own
  const wishes = { method, class: label, background, interactions, budget, seed, language, counterfactual }
  return {
    path: `/v1/models/${encodeURIComponent(model)}:explain`,
    query: { unknown },
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ instances, ...wishes }),
    // docs/http.md gives the answer's members.
    read: (answer) => JSON.parse(textOf(answer)) as ExplanationsBody,
  }
}

/** Explains a model's answers by rows. */
export const explainRows =
  (client: Client) =>
  (model: string, instances: readonly Instance[], options: ExplainOptions = {}): Promise<Explained> =>
    ask(client, explainQuestion(model, instances, options), options)

const pathOf = (model: string, version: number): string =>
  `/api/models/${encodeURIComponent(model)}/versions/${version}/explanations`

/** What a version says of itself as a whole. Throws UNKNOWN_EXPLANATION for one that has nothing to say. */
export const getExplanations = async (
  { request }: Client,
  model: string,
  version: number,
): Promise<GlobalExplanationsBody> => (await request<GlobalExplanationsBody>('GET', pathOf(model, version))).body

/** One of its plots, as SVG. */
export const getExplanationPlot = async (
  { request }: Client,
  model: string,
  version: number,
  plot: string,
): Promise<string> => {
  const path = `${pathOf(model, version)}/${encodeURIComponent(plot)}.svg`
  return new TextDecoder().decode((await request<Uint8Array>('GET', path, { as: 'bytes' })).body)
}
