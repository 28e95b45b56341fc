import * as z from 'zod'
import { type ErrorCode, errorTable } from '../errors.ts'
import type { Datatype } from '../tensor/tensor.ts'

/** A time of the service, UTC. */
export const time = z.iso.datetime()

/** A decimal in the deployment's currency, at most 9 places. */
export const amount = z.string().regex(/^-?\d+(?:\.\d{1,9})?$/)

export const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

export const datatype = z.enum([
  ...['BOOL', 'UINT8', 'UINT16', 'UINT32', 'UINT64', 'INT8', 'INT16', 'INT32', 'INT64'],
  ...['FP16', 'BF16', 'FP32', 'FP64', 'BYTES'],
] as const satisfies readonly Datatype[])

/** A page of a listing; `next` is absent on the last one. */
export const pageOf = <Name extends string, Item extends z.ZodType>(name: Name, item: Item) =>
  // A computed name widens to string.
  z.object({ [name]: z.array(item), next: z.string().exactOptional() } as Record<Name, z.ZodArray<Item>> & {
    next: z.ZodExactOptional<z.ZodString>
  })

// Never empty: it is the table of all refusals.
const codes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]

export const errorCode = z.enum(codes)

/** The one error body: problemBody of src/problem-body.ts. */
export const problemAnswer = z.object({
  type: z.string(),
  title: errorCode,
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
  code: errorCode,
  hint: z.string(),
  requestId: z.string(),
  /** Of a 402: what is used up, and what it has left. */
  reason: z.enum(['balance', 'cap', 'key limit']).exactOptional(),
  balance: amount.exactOptional(),
  error: z.string(),
})

/** The error body of the paths that OpenAI's clients call: src/openai-error.ts. */
export const openAiErrorAnswer = z.object({
  error: z.object({ message: z.string(), type: z.string(), param: z.string().nullable(), code: z.string() }),
})

/** The gateway's own refusal, which no function sees. */
export const gatewayAnswer = z.object({ message: z.string() })

/** Where the bytes of an upload are put. */
export const uploadAnswer = z.object({
  id: z.string(),
  method: z.literal('PUT'),
  url: z.url(),
  /** Signed: the PUT must have them as they are. */
  headers: z.record(z.string(), z.string()),
  expiresAt: time,
})
