import { rawTokens } from './embedding/raw-tokens.ts'
import type { Encoded } from './encoded.ts'
import { PercallError } from './errors.ts'
import type { Hour } from './hour.ts'
import { inferRuns, mostGatewayMs, mostWorkerMs, type Runs } from './infer-runs.ts'
import type { Manifest } from './manifest.ts'
import type { Admit, Infer, Resolve, Settle } from './ports.ts'
import type { Price } from './price.ts'
import { type Principal, requireGrant } from './principal.ts'
import { inRowRuns } from './row-runs.ts'
import type { Tensor } from './tensor/tensor.ts'
import type { ModelReference, Version } from './version.ts'

/** A version that can be called, with its manifest when it has one. */
export type Deployed = {
  readonly version: Version
  readonly manifest?: Manifest
  /** The owner asked for the inputs of its calls in the log. */
  readonly logInputs?: boolean
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
  readonly durationMs: number
  readonly cold: boolean
  readonly requestId: string
  /** Where the time went, for the statistics; no part of the row, and unknown of what is no call of predict. */
  readonly spent?: Spent
}

export type Spent = { readonly parseMs: number; readonly queueMs: number; readonly inferMs: number }

/** What one answered call costs. */
export type Charge = { readonly units: number; readonly costNano: number }

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
  /** Begins what settling needs, while the model loads; undefined where nothing is to be done. Never rejects. */
  readonly prepare?: (admission: Admission) => Promise<unknown> | undefined
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

/**
 * Answers one call and charges it once: grant, resolve, read, admit, infer, encode, settle.
 * The answer is encoded before its row is written, so a throw before `settle` has charged nothing.
 */
export const answerCall =
  (ports: CallPorts) =>
  async ({ principal, reference, requestId, read, settle, anySize }: Call): Promise<Answer> => {
    const cold = ports.isCold()
    const beganAtMs = ports.nowMs()
    requireGrant(principal, reference.model)
    const deployed = await ports.resolve(reference)
    const { version } = deployed
    const resolvedAtMs = ports.nowMs()
    const question = inRowRuns(deployed, read(deployed))
    const { inputs, outputs, rows, runs, encode } = question
    const tokens = question.tokens ?? rawTokens(deployed.manifest, inputs)
    const readAtMs = ports.nowMs()
    const admission = await ports.admit(principal, version.model)
    const admittedAtMs = ports.nowMs()
    const untilMs = beganAtMs + (anySize ? mostWorkerMs : mostGatewayMs)
    const preparing = settle ? undefined : ports.prepare?.(admission)
    const inferring = runs
      ? inferRuns(ports.infer, ports.nowMs)({ version, runs, outputs }, untilMs)
      : ports.infer(version, inputs, outputs)
    // Nothing may be under way when an answer leaves, a refusal neither: Lambda freezes the environment then.
    const inference = await (preparing ? inferring.finally(() => preparing) : inferring)
    const written = encode(inference.outputs)
    const encoded = anySize ? written : requireFits(written)
    const encodedAtMs = ports.nowMs()
    const usage = { model: version.model, version: version.number, rows, durationMs: encodedAtMs - beganAtMs, cold }
    const spent = {
      parseMs: readAtMs - resolvedAtMs,
      queueMs: resolvedAtMs - beganAtMs + inference.loadMs,
      inferMs: encodedAtMs - admittedAtMs - inference.loadMs,
    }
    const used = { ...usage, ...(tokens !== undefined && { tokens }), requestId, spent }
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
