import { type Principal, requireGrant } from '../access/principal.ts'
import { needsLease } from '../billing/plan.ts'
import { type Quantities, quantitiesOf } from '../billing/price.ts'
import { rawTokens } from '../embedding/raw-tokens.ts'
import { PercallError } from '../errors.ts'
import type { Admit, Infer, Resolve, Settle } from '../ports.ts'
import type { ModelReference, Version } from '../registry/version.ts'
import type { Admission, Charge, Usage } from './charge.ts'
import { rowRunner } from './converse.ts'
import type { Deployed } from './deployed.ts'
import type { Encoded } from './encoded.ts'
import { gatewayBytes, mostResponseBytes } from './gateway-size.ts'
import { inferRuns, mostGatewayMs, mostWorkerMs } from './infer-runs.ts'
import { requireMayExplain } from './may-explain.ts'
import type { Question } from './question.ts'
import { inRowRuns } from './row-runs.ts'

/** Charges one call whose answer is written, and does with the answer what must happen with its row. */
export type SettleAnswer = (
  admission: Admission,
  usage: Usage,
  answer: { readonly encoded: Encoded; readonly version: Version },
) => Promise<Charge>

export type Call = {
  readonly principal: Principal
  readonly reference: ModelReference
  readonly requestId: string
  /** Settles another way than by a row alone: with what the answer is. */
  readonly settle?: SettleAnswer
  /** True where a reservation pays: it was opened when the call was accepted. */
  readonly reserved?: true
  /** True where the answer does not leave by the gateway, whose limit it may then exceed. */
  readonly anySize?: true
  /** Reads the body against the version's signature or manifest. */
  readonly read: (deployed: Deployed) => Question
}

/** Milliseconds of each part; `load` is 0 when the session was there. */
export type Timings = Readonly<Record<'parse' | 'load' | 'infer' | 'bill' | 'total', number>>

export type Answer = {
  readonly encoded: Encoded
  readonly version: Version
  readonly charge: Charge
  readonly rows: number
  readonly cold: boolean
  readonly timings: Timings
}

export type CallPorts = {
  readonly resolve: Resolve
  readonly admit: Admit
  readonly infer: Infer
  /**
   * Begins what settling needs, while the model loads; undefined where nothing is to be done.
   * Rejects only where the caller's calls are capped: then nothing may run.
   */
  readonly prepare?: (admission: Admission, most: Quantities) => Promise<unknown> | undefined
  readonly settle: Settle
  /** Monotonic milliseconds. */
  readonly nowMs: () => number
  /** True for the environment's first call. */
  readonly isCold: () => boolean
}

/** Throws TOO_LARGE for a body that would not pass the gateway inside a JSON event. */
const requireFits = (encoded: Encoded): Encoded => {
  const sizeBytes = gatewayBytes(encoded.body)
  if (sizeBytes > mostResponseBytes)
    throw new PercallError('TOO_LARGE', `answer: expected at most ${mostResponseBytes} bytes, got ${sizeBytes}`)
  return encoded
}

type Written = { readonly written: Encoded; readonly loadMs: number }

/** One run, or all of a call's runs, and the answer that is written of them. */
const inferAll = async (
  { infer, nowMs }: CallPorts,
  { version, inputs, outputs, runs }: Pick<Question, 'inputs' | 'outputs' | 'runs'> & Pick<Deployed, 'version'>,
  encode: Question['encode'],
  untilMs: number,
): Promise<Written> => {
  const inferring = runs
    ? inferRuns(infer, nowMs)({ version, runs, outputs }, untilMs)
    : infer(version, inputs, outputs)
  const inference = await inferring
  return { written: encode(inference.outputs), loadMs: inference.loadMs }
}

const conversed = async (
  { infer, nowMs }: CallPorts,
  deployed: Deployed,
  converse: NonNullable<Question['converse']>,
  untilMs: number,
): Promise<Written> => {
  const runner = rowRunner(infer, nowMs)(deployed, untilMs)
  return { written: await converse(runner.runRows), loadMs: runner.loadMs() }
}

/**
 * Answers one call and charges it once: grant, resolve, read, admit, infer, encode, settle.
 * The answer is encoded before its row is written, so a throw before `settle` has charged nothing.
 */
export const answerCall =
  (ports: CallPorts) =>
  async ({ principal, reference, requestId, read, settle, anySize, reserved }: Call): Promise<Answer> => {
    const cold = ports.isCold()
    const beganAtMs = ports.nowMs()
    requireGrant(principal, reference.model)
    const deployed = await ports.resolve(reference)
    const { version } = deployed
    const resolvedAtMs = ports.nowMs()
    const question = inRowRuns(deployed, read(deployed))
    // What was accepted is answered, whatever the owner decides later.
    if (question.explained && !reserved) requireMayExplain(principal, deployed)
    const { inputs, outputs, rows, runs, explained, converse, encode } = question
    const tokens = question.tokens ?? rawTokens(deployed.manifest, inputs)
    const readAtMs = ports.nowMs()
    const admission = await ports.admit(principal, version.model)
    const admittedAtMs = ports.nowMs()
    const untilMs = beganAtMs + (anySize ? mostWorkerMs : mostGatewayMs)
    const most = quantitiesOf({ rows, tokens, explained })
    const preparing = reserved ? undefined : ports.prepare?.(admission, most)
    // Who cannot pay is refused before anything runs for nothing.
    if (preparing && needsLease(principal.account, principal.limit)) await preparing
    const inferring = converse
      ? conversed(ports, deployed, converse, untilMs)
      : inferAll(ports, { version, inputs, outputs, ...(runs && { runs }) }, encode, untilMs)
    // Nothing may be under way when an answer leaves, a refusal neither: Lambda freezes the environment then.
    const { written, loadMs } = await (preparing ? inferring.finally(() => preparing) : inferring)
    const encoded = anySize ? written : requireFits(written)
    const encodedAtMs = ports.nowMs()
    const usage = { model: version.model, version: version.number, rows, durationMs: encodedAtMs - beganAtMs, cold }
    const spent = {
      parseMs: readAtMs - resolvedAtMs,
      queueMs: resolvedAtMs - beganAtMs + loadMs,
      inferMs: encodedAtMs - admittedAtMs - loadMs,
    }
    const more = { ...(tokens !== undefined && { tokens }), ...(explained && { explained }) }
    const used = { ...usage, ...more, requestId, spent }
    const charge = settle ? await settle(admission, used, { encoded, version }) : await ports.settle(admission, used)
    const settledAtMs = ports.nowMs()
    const timings = {
      parse: spent.parseMs,
      load: spent.queueMs,
      infer: spent.inferMs,
      bill: admittedAtMs - readAtMs + settledAtMs - encodedAtMs,
      total: settledAtMs - beganAtMs,
    }
    return { encoded, version, charge, rows, cold, timings }
  }
