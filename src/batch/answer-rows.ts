import { PercallError } from '../errors.ts'

/** What became of one row: its prediction as `:predict` answers it, or why it has none. */
export type RowOutcome =
  | { readonly kind: 'answered'; readonly prediction: unknown }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }

/** A question over some rows, ready to run. */
type ReadyQuestion = () => Promise<readonly unknown[]>

/** Reads instances, each a JSON text, as one call of `:predict`. Throws PercallError for rows that it refuses. */
export type ReadInstances = (instances: readonly string[]) => ReadyQuestion

const rowStatuses: readonly number[] = [400, 501, 504]
// These blame the model's file, and so every row.
const fileCodes: readonly string[] = ['UNSUPPORTED_ONNX', 'NOT_ONNX']

/** Whether other rows may be answered although this was thrown. */
const blamesRows = (thrown: unknown): thrown is PercallError =>
  thrown instanceof PercallError && rowStatuses.includes(thrown.status) && !fileCodes.includes(thrown.code)

/** A row read alone is number 0 in its message; the list of errors has its number in the file. */
const refusal = ({ code, message }: PercallError): RowOutcome => ({
  kind: 'refused',
  code,
  message: message.replace(/^(?:row|instance) 0(?:: |, )/, ''),
})

// One row of a model that does not end costs the model's time limit, and finding it in a call ten times that.
const mostTimeouts = 3
const timedOut = 504

type Attempt = { readonly read: ReadyQuestion } | { readonly thrown: PercallError }

/**
 * Answers rows in order, so many a call. Where a call is refused, its rows are read one by one, and where the model
 * itself refuses, halves are tried: each bad row is found, and all others are answered. After three rows beyond the
 * model's time limit the rest is refused like them.
 * Throws what blames the model or the service instead of rows.
 */
export const answerRows =
  (read: ReadInstances, rowsPerCall: number) =>
  async (instances: readonly string[]): Promise<readonly RowOutcome[]> => {
    const timeouts: PercallError[] = []

    const tryRead = (texts: readonly string[]): Attempt => {
      try {
        return { read: read(texts) }
      } catch (thrown) {
        if (!blamesRows(thrown)) throw thrown
        return { thrown }
      }
    }

    /** Halves, so that one row in a thousand costs ten calls more. */
    const split = async (texts: readonly string[]): Promise<readonly RowOutcome[]> => {
      const middle = texts.length >> 1
      return [...(await answer(texts.slice(0, middle))), ...(await answer(texts.slice(middle)))]
    }

    const withoutBad = async (texts: readonly string[]): Promise<readonly RowOutcome[]> => {
      const alone = texts.map((text) => tryRead([text]))
      const good = texts.filter((_, i) => 'read' in alone[i]!)
      if (good.length === texts.length) return split(texts)
      const answers = good.length > 0 ? await answer(good) : []
      let next = 0
      return alone.map((attempt) => ('thrown' in attempt ? refusal(attempt.thrown) : answers[next++]!))
    }

    const answer = async (texts: readonly string[]): Promise<readonly RowOutcome[]> => {
      const last = timeouts.at(-1)
      if (last && timeouts.length >= mostTimeouts) return texts.map(() => refusal(last))
      const attempt = tryRead(texts)
      if ('thrown' in attempt) return texts.length === 1 ? [refusal(attempt.thrown)] : withoutBad(texts)
      try {
        return (await attempt.read()).map((prediction) => ({ kind: 'answered', prediction }))
      } catch (thrown) {
        if (!blamesRows(thrown)) throw thrown
        if (texts.length > 1) return split(texts)
        if (thrown.status === timedOut) timeouts.push(thrown)
        return [refusal(thrown)]
      }
    }

    const outcomes: RowOutcome[] = []
    for (let from = 0; from < instances.length; from += rowsPerCall)
      for (const outcome of await answer(instances.slice(from, from + rowsPerCall))) outcomes.push(outcome)
    return outcomes
  }
