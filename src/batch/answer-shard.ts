import type { Deployed } from '../call/deployed.ts'
import { readInstances } from '../call/instances.ts'
import { rawTokens } from '../embedding/raw-tokens.ts'
import { PercallError } from '../errors.ts'
import type { Infer } from '../ports.ts'
import { isTabular, type TabularManifest } from '../registry/manifest.ts'
import { answerRows, type ReadInstances, type RowOutcome } from './answer-rows.ts'
import type { Batch, BatchFailure } from './batch.ts'
import type { BatchPlan, RowError, Shard } from './progress.ts'
import { lineInstance, parseExact, resultWriter } from './result-text.ts'
import { instanceWriter } from './row-text.ts'

/** Lines of a result in input order, and why some have no prediction. */
export type ShardAnswer = {
  readonly lines: readonly string[]
  readonly errors: readonly RowError[]
  /** Of the rows that were answered; absent for a model without tokens. */
  readonly tokens?: number
}

export const tabularOf = ({ manifest }: Deployed): TabularManifest | undefined =>
  manifest && isTabular(manifest) ? manifest : undefined

// As many as a caller of :predict may send in a few milliseconds; a fixed first dimension takes exactly its number.
const usualRowsPerCall = 1000

const rowsPerCall = (deployed: Deployed): number => {
  const { inputs } = deployed.version.signature
  const fixed = inputs.flatMap(({ shape: [first = -1] }) => (first > 0 ? [first] : []))
  return fixed.length > 0
    ? Math.min(...fixed)
    : Math.min(usualRowsPerCall, tabularOf(deployed)?.rowsPerRun ?? usualRowsPerCall)
}

/** The path of `:predict`, from a body's text to its answer's; `spend` is told of the tokens of each call that was answered. */
const predictReader =
  (infer: Infer, deployed: Deployed, unknown: Batch['unknown'], spend: (tokens: number) => void): ReadInstances =>
  (instances) => {
    const question = readInstances(`{"instances":[${instances.join(',')}]}`, { unknown })(deployed)
    return async () => {
      const { outputs } = await infer(deployed.version, question.inputs, question.outputs)
      const { body } = question.encode(outputs)
      const text = typeof body === 'string' ? body : new TextDecoder().decode(body)
      const { predictions } = parseExact(text) as { readonly predictions: readonly unknown[] } // as readInstances encodes
      const tokens = rawTokens(deployed.manifest, question.inputs)
      if (tokens !== undefined) spend(tokens)
      return predictions
    }
  }

const refusal = ({ code, message }: Pick<PercallError, 'code' | 'message'>): RowOutcome => ({
  kind: 'refused',
  code,
  message,
})

/** A row's instance, or why it has none. */
const instanceOf = (toInstance: (line: string) => string, line: string): string | RowOutcome => {
  try {
    return toInstance(line)
  } catch (thrown) {
    if (thrown instanceof PercallError) return refusal(thrown)
    throw thrown
  }
}

type Work = { readonly batch: Batch; readonly plan: BatchPlan; readonly shard: Shard }

const write = ({ batch, plan, shard }: Work, rows: readonly string[], outcomes: readonly RowOutcome[]): ShardAnswer => {
  const writer = resultWriter(batch.output, plan.columns, plan)
  const lines = outcomes.map((outcome, i) =>
    writer.line(rows[i] ?? '', outcome.kind === 'answered' ? outcome.prediction : null),
  )
  const errors = outcomes.flatMap((outcome, i) =>
    outcome.kind === 'refused' ? [{ row: shard.firstRow + i, code: outcome.code, message: outcome.message }] : [],
  )
  return { lines, errors }
}

/** Answers the rows of a shard as `:predict` would, each bad row apart from the others. Throws what blames no row. */
export const answerShard =
  (infer: Infer) =>
  async (work: Work, deployed: Deployed, rows: readonly string[]): Promise<ShardAnswer> => {
    const { batch, plan } = work
    const manifest = tabularOf(deployed)
    const model = { signature: deployed.version.signature, ...(manifest && { manifest }) }
    const writeInstance = instanceWriter(plan.columns, model)
    // Cells of a table are what the split wrote: JSON's scalars.
    const toInstance = batch.format === 'jsonl' ? lineInstance : (line: string) => writeInstance(JSON.parse(line))
    const instances = rows.map((line) => instanceOf(toInstance, line))
    let tokens: number | undefined
    const read = predictReader(infer, deployed, batch.unknown, (more) => {
      tokens = (tokens ?? 0) + more
    })
    const ready = instances.filter((instance) => typeof instance === 'string')
    const answers = await answerRows(read, rowsPerCall(deployed))(ready)
    let next = 0
    const outcomes = instances.map((instance) => (typeof instance === 'string' ? answers[next++]! : instance))
    return { ...write(work, rows, outcomes), ...(tokens !== undefined && { tokens }) }
  }

/** The answer of a shard that no attempt could answer: each of its rows failed by that. */
export const abandonShard = (work: Work, rows: readonly string[], { code, cause }: BatchFailure): ShardAnswer =>
  write(
    work,
    rows,
    rows.map(() => refusal({ code, message: cause })),
  )
