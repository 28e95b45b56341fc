import type { CallFacts } from '../client/bodies.ts'
import { ApiError } from '../client/client.ts'
import { formatNano, parseNano } from '../src/billing/money.ts'
import { shellWord } from '../src/shell-word.ts'
import { note } from './context.ts'
import { countedRow } from './counted-row.ts'
import { describeError } from './describe-error.ts'
import { Failure } from './failure.ts'
import { type Interrupt, stoppedBefore, stoppedWithin } from './interrupt.ts'
import { Refused } from './refused.ts'

/** Answers of calls that together have the rows of a file; `stopped` is what ended them before the last row. */
export type InCalls<Answer> = {
  readonly answers: readonly Answer[]
  /** The first so many were answered. */
  readonly rows: number
  /** Of the last call: fewer than were asked for where calls were halved. */
  readonly rowsOfCall: number
  readonly stopped?: unknown
}

/** How the calls go, beside their rows. */
export type Sending = {
  readonly onProgress?: (done: number, of: number) => void
  /** Rows of the file before the first. */
  readonly skipped?: number
  /** Its number in the file, of each row; in turn behind those that were skipped by default. */
  readonly rowNumbers?: readonly number[]
  readonly interrupt?: Interrupt
  /** The command that asks for the first call's answer again, where that is not waited for; rows of that call. */
  readonly repeat?: string | ((rowsOfCall: number) => string)
  /** Whether a call that takes too long, which is free, is asked again as two, and those behind it as small. */
  readonly halves?: boolean
}

const isTooLong = (thrown: unknown): boolean => thrown instanceof ApiError && thrown.code === 'INFERENCE_TIMEOUT'

/**
 * Sends rows in as many calls as they need, one after the other; each gets the first answer, once it is there. What was
 * answered is charged, so neither a later refusal nor an interrupt takes it back. Throws what the first call throws; rows
 * of the file are counted from 1, behind those that were skipped.
 */
export const inCalls = async <Row, Answer>(
  rows: readonly Row[],
  mostRowsOfCall: number,
  call: (rows: readonly Row[], first: Answer | undefined) => Promise<Answer>,
  { onProgress = () => {}, skipped = 0, rowNumbers, interrupt, repeat, halves = false }: Sending = {},
): Promise<InCalls<Answer>> => {
  const answers: Answer[] = []
  let done = 0
  let rowsOfCall = mostRowsOfCall
  const rowOf = (index: number): number => rowNumbers?.[done + index] ?? skipped + done + index + 1
  const stoppedBy = (stopped: unknown): InCalls<Answer> => ({ answers, rows: done, rowsOfCall, stopped })
  do {
    if (interrupt?.asked() && (done > 0 || rowsOfCall < mostRowsOfCall)) {
      if (done === 0) throw stoppedBefore()
      return stoppedBy(stoppedBefore())
    }
    const part = rows.slice(done, done + rowsOfCall)
    try {
      answers.push(await call(part, answers[0]))
    } catch (thrown) {
      if (halves && isTooLong(thrown) && part.length > 1) {
        rowsOfCall = Math.ceil(part.length / 2)
        note(`a call of ${part.length} rows took too long, which is free: going on with ${rowsOfCall} a call`)
        continue
      }
      const within = interrupt?.signal.aborted === true
      if (done > 0) return stoppedBy(within ? stoppedWithin() : countedRow(thrown, rowOf))
      throw within
        ? stoppedWithin(typeof repeat === 'function' ? repeat(rowsOfCall) : repeat)
        : countedRow(thrown, rowOf)
    }
    done += part.length
    if (rows.length > rowsOfCall) onProgress(done, rows.length)
  } while (done < rows.length)
  return { answers, rows: done, rowsOfCall }
}

/** A version as a name: an alias that moves between two calls must not mix the answers of two versions. */
export const pinned = (version: string): string => version.replace('/', '@')

/** Exact. */
export const costOfAll = (costs: readonly { readonly cost: string }[]): string =>
  formatNano(costs.reduce((sum, { cost }) => sum + BigInt(parseNano('percall-cost', cost)), 0n))

export type Totals = { readonly calls: number; readonly units: number; readonly cost: string }

export const totalsOf = (answers: readonly Pick<CallFacts, 'units' | 'cost'>[]): Totals => ({
  calls: answers.length,
  units: answers.reduce((sum, { units }) => sum + units, 0),
  cost: costOfAll(answers),
})

/** Where rows of a file stopped, and the command that goes on. */
export type Stop = {
  /** Rows before the first that was sent. */
  readonly skipped: number
  readonly done: number
  /** Rows of the file. */
  readonly of: number
  readonly rowsOfCall: number
  /** Without --skip. */
  readonly command: string
  /** Of all its calls. */
  readonly callsKey: string
}

const serverFault = 500

/** Whether a call that ended so may have been charged all the same. */
const mayBeCharged = (stopped: unknown): boolean => {
  const cause = stopped instanceof Refused ? stopped.cause : stopped
  if (cause instanceof ApiError) return (cause.status ?? serverFault) >= serverFault
  return cause instanceof Failure && cause.message === stoppedWithin().message
}

/** The refusal of a later call, which says what is done and how to go on. */
export const stoppedAt = (stopped: unknown, { skipped, done, of, rowsOfCall, command, callsKey }: Stop): Refused => {
  const { message, hint } = describeError(stopped)
  const next = skipped + done
  const last = Math.min(next + rowsOfCall, of)
  const key = mayBeCharged(stopped) ? ` --idempotency-key ${shellWord(callsKey)}` : ''
  return new Refused(
    `the call with rows ${next + 1} to ${last} of ${of}: ${message}`,
    `${hint}; rows ${skipped + 1} to ${next} are answered, charged and written, go on with: ${command}${key} --skip ${next}`,
    stopped,
  )
}
