import { type Principal, requireGrant } from '../access/principal.ts'
import { needsLease, type Payer } from '../billing/plan.ts'
import { type Price, type Quantities, quantitiesOf } from '../billing/price.ts'
import { rawTokens } from '../embedding/raw-tokens.ts'
import { PercallError } from '../errors.ts'
import type { Hour } from '../ledger/hour.ts'
import type { Admit, Infer, Resolve, Settle } from '../ports.ts'
import type { Manifest } from '../registry/manifest.ts'
import type { ModelReference, Version } from '../registry/version.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { type RunRows, rowRunner } from './converse.ts'
import type { Encoded } from './encoded.ts'
import { inferRuns, mostGatewayMs, mostWorkerMs, type Runs } from './infer-runs.ts'
import { requireMayExplain } from './may-explain.ts'
import { inRowRuns } from './row-runs.ts'

/** A version that can be called, with its manifest when it has one. */
export type Deployed = {
  readonly version: Version
  readonly manifest?: Manifest
  /** The owner asked for the inputs of its calls in the log. */
  readonly logInputs?: boolean
  /** The owner keeps explanations. */
  readonly explain?: 'owner'
}

/** What was fixed when a call was admitted: who pays, its time, and with it hour and price. */
export type Admission = {
  readonly principal: Principal
  readonly model: string
  readonly admittedAtMs: number
  readonly hour: Hour
  /** Absent: the call is free (no price, or an owner's key). */
  readonly price?: Price
}

/** What one answered call used; the price's unit decides which number is charged. */
export type Usage = {
  readonly model: string
  readonly version: number
  readonly rows: number
  /** Absent for a model without tokens. */
  readonly tokens?: number
  /** The rows were explained. */
  readonly explained?: true
  readonly durationMs: number
  readonly cold: boolean
  readonly requestId: string
  /** Where the time went, for the statistics; no part of the row, and unknown of what is no call of predict. */
  readonly spent?: Spent
}

export type Spent = { readonly parseMs: number; readonly queueMs: number; readonly inferMs: number }

/** What one answered call costs. */
export type Charge = { readonly units: number; readonly costNano: number; readonly balance?: BalanceLeft }

/** What the item that paid has left, as far as the environment knows: leases of others may come back. */
export type BalanceLeft = {
  readonly leftNano: number
  /** All of it; of the kind `capped` the month's cap. */
  readonly ofNano: number
  readonly kind: Payer['kind']
}

/** A request as its protocol read it: what to run, and how to write the answer. */
export type Question = {
  readonly inputs: readonly Tensor[]
  /** Names of the wanted outputs. */
  readonly outputs: readonly string[]
  readonly rows: number
  /** As a tokenizer counted them; absent where no text was read. */
  readonly tokens?: number
  /** Where one run would be too large: all runs, `inputs` being those of the first; `encode` gets what they keep. */
  readonly runs?: Runs
  /** The rows are explained, and charged as such. */
  readonly explained?: true
  /** Throws what the call would refuse before anything is run, where reading alone does not tell it. */
  readonly check?: () => Promise<void>
  /**
   * Where runs follow from one another: asks for them and writes the answer. `inputs` are then the caller's rows, which are
   * run as far as it asks for them, and `encode` is not called.
   */
  readonly converse?: (runRows: RunRows) => Promise<Encoded>
  readonly encode: (outputs: readonly Tensor[]) => Encoded
}

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

// Lambda's limit of a response event is 6 MB as JSON; headers and the event's own members stay below the rest.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const mostResponseBytes = 6 * 1024 * 1024 - 16 * 1024
// Every character of a body takes at most 6 bytes in the event: `\u0001`.
const mostBytesPerCharacter = 6

const encoder = new TextEncoder()

/** Bytes cross the gateway in base64. */
const base64Bytes = (bytes: number): number => Math.ceil(bytes / 3) * 4

/** Throws TOO_LARGE for a body that would not pass the gateway inside a JSON event. */
const requireFits = (encoded: Encoded): Encoded => {
  const { body } = encoded
  if (typeof body === 'string' && body.length * mostBytesPerCharacter <= mostResponseBytes) return encoded
  const sizeBytes = typeof body === 'string' ? encoder.encode(JSON.stringify(body)).length : base64Bytes(body.length)
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
    if (question.explained) requireMayExplain(principal, deployed)
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
