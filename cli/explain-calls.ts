import type { Client } from '../client/client.ts'
import { type Explained, type ExplainOptions, explainQuestion, explainRows } from '../client/explain.ts'
import type { ExplanationsBody } from '../client/explanation-body.ts'
import type { Instance } from '../client/rows.ts'
import { keyOfCall } from './call-keys.ts'
import { inCalls, pinned, type Sending, type Totals, totalsOf } from './in-calls.ts'
import { waitForLater } from './later.ts'

/** Explanations of all rows, or of the first where a later call was refused. */
export type Explanations = ExplanationsBody & Totals & { readonly version: string; readonly requestId?: string }

/** Asks with rows in the form that the model takes. */
export type AskRows = <Answer>(
  rows: readonly Instance[],
  ask: (rows: readonly Instance[]) => Promise<Answer>,
) => Promise<Answer>

/** The service takes far more, but a call has 20 s: by permutation each row is up to 20,000 of the model's. */
const mostRowsOfCall = 100
/** An answer leaves through a gateway of 6 MB, where a contribution is about as long as five numbers. */
const mostNumbersOfAnswer = 200_000
const numbersOfContribution = 5

const widthOf = (cell: unknown): number =>
  Array.isArray(cell) ? cell.reduce((sum: number, one) => sum + widthOf(one), 0) : 1

/** Rows that one call explains: fewer where each has many columns, or all their pairs. */
export const explainedRowsOfCall = (
  instance: Instance,
  { interactions }: Pick<ExplainOptions, 'interactions'>,
  most = mostRowsOfCall,
): number => {
  const columns = widthOf(Object.values(instance))
  const numbers = interactions ? columns ** 2 : columns * numbersOfContribution
  return Math.max(1, Math.min(most, mostRowsOfCall, Math.floor(mostNumbersOfAnswer / Math.max(1, numbers))))
}

const joined = (answers: readonly Explained[]): Explanations => {
  const { method, output, background, columns, language, version, requestId } = answers[0]!
  return {
    ...{ method, output, background, columns, language },
    modelRows: answers.reduce((sum, own) => sum + own.modelRows, 0),
    explanations: answers.flatMap(({ explanations }) => explanations),
    version,
    ...totalsOf(answers),
    ...(answers.length === 1 && requestId !== undefined && { requestId }),
  }
}

type AskingInCalls = { readonly rowsOfCall: number; readonly ask: AskRows; readonly callsKey: string }

/** Explains rows at once, in as many calls as they need, as far as they are answered: of one version, by one method. */
export const explainInCalls = async (
  client: Client,
  name: string,
  rows: readonly Instance[],
  { rowsOfCall, ask, callsKey, ...options }: ExplainOptions & AskingInCalls,
  sending: Sending,
): Promise<{ readonly result: Explanations; readonly rowsOfCall: number; readonly stopped?: unknown }> => {
  const { answers, stopped, ...sent } = await inCalls<Instance, Explained>(
    rows,
    rowsOfCall,
    (part, first) => {
      const [target, own] = first ? [pinned(first.version), { ...options, method: first.method }] : [name, options]
      const signal = sending.interrupt?.signal
      return ask(part, (cells) => {
        const idempotencyKey = keyOfCall(callsKey, target, cells, own)
        return explainRows(client)(target, cells, { ...own, idempotencyKey, signal })
      })
    },
    { ...sending, halves: true },
  )
  const result = { result: joined(answers), rowsOfCall: sent.rowsOfCall }
  return stopped === undefined ? result : { ...result, stopped }
}

/** Explains rows in one call that is answered later, and waits for it. */
export const explainLater = async (
  client: Client,
  name: string,
  rows: readonly Instance[],
  { ask, ...options }: ExplainOptions & { readonly ask: AskRows },
): Promise<Explanations> => {
  const { answer } = await ask(rows, (cells) => waitForLater(client, explainQuestion(name, cells, options)))
  return joined([answer])
}
