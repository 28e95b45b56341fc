import * as z from 'zod'
import { usageGroups } from '../../src/usage.ts'

type Parameter = { readonly description: string; readonly schema: z.ZodType }

const text = z.string()

/** Variables of paths. */
export const pathParameters: Readonly<Record<string, Parameter>> = {
  model: { description: 'Name of a model; where it is called, also name@alias or name@version.', schema: text },
  version: { description: 'Number of a version.', schema: z.int().min(1) },
  alias: { description: 'Name of an alias.', schema: text },
  id: { description: 'Id of a call that is answered later.', schema: text },
  batch: { description: 'Id of a batch.', schema: text },
  registration: { description: 'Id of a registration.', schema: text },
  dataset: { description: 'Name of a dataset.', schema: text },
  run: { description: 'Id of a run.', schema: text },
  consumer: { description: 'Id of a consumer.', schema: text },
  key: { description: 'Public id of a key, not its secret.', schema: text },
}

const day = z.iso.date()

export const queryParameters = {
  limit: { description: 'Most items of the page.', schema: z.int().min(1).max(1000).default(100) },
  next: { description: 'The `next` of the page before.', schema: text },
  unknown: {
    description: 'What becomes of columns that the model does not know.',
    schema: z.enum(['refuse', 'ignore']),
  },
  alias: { description: 'The alias that moves to the new version.', schema: text },
  part: { description: 'Which file of the version.', schema: z.enum(['model', 'manifest', 'card', 'card.md', 'ort']) },
  window: { description: 'Hours or days until now, 1h to 14d.', schema: z.string().regex(/^[1-9]\d{0,2}[hd]$/) },
  from: { description: 'First day, in the billing zone.', schema: day },
  to: { description: 'Day after the last one.', schema: day },
  by: { description: 'What the usage is grouped by.', schema: z.enum(usageGroups) },
  after: { description: 'Sequence of the last event that is known.', schema: z.int().min(0) },
} as const satisfies Readonly<Record<string, Parameter>>

export type QueryName = keyof typeof queryParameters

export const requestHeaders = {
  'Idempotency-Key': {
    description: 'The same request under the same key gets the same answer and one charge, for 24 hours.',
    schema: z.string().min(1).max(257),
  },
  Prefer: { description: '`respond-async`, with `wait=N` seconds where the answer itself is awaited.', schema: text },
  'Inference-Header-Content-Length': {
    description: 'Bytes of JSON before the binary tensors; 0 where the body is one tensor.',
    schema: z.int().min(0),
  },
  'Content-Encoding': { description: 'How the body is compressed.', schema: z.enum(['gzip', 'deflate', 'identity']) },
  'Accept-Encoding': { description: 'How the answer may be compressed.', schema: text },
  'If-Match': { description: 'The ETag that the change is of; 412 when another one came first.', schema: text },
} as const satisfies Readonly<Record<string, Parameter>>

export type RequestHeader = keyof typeof requestHeaders

export const answerHeaders = {
  'Percall-Request-Id': { description: 'Names this request in logs and errors.', schema: text },
  'Percall-Original-Request-Id': { description: 'The request that an answer was first made for.', schema: text },
  'Percall-Version': { description: 'The version that answered: name/3.', schema: text },
  'Percall-Units': { description: 'What is charged for, in units of the price.', schema: z.int().min(0) },
  'Percall-Cost': { description: "What the call cost, a decimal in the deployment's currency.", schema: text },
  'Percall-Cold': { description: '1 where the model was loaded for this call.', schema: z.enum(['0', '1']) },
  'Server-Timing': { description: 'Milliseconds of each part of the call.', schema: text },
  'Inference-Header-Content-Length': {
    description: 'Bytes of JSON before the binary tensors.',
    schema: z.int().min(0),
  },
  'Idempotent-Replayed': { description: '`true` on an answer that was given before.', schema: text },
  'Preference-Applied': { description: 'The preference that was followed.', schema: text },
  'Retry-After': { description: 'Seconds after which to ask again.', schema: z.int().min(0) },
  Location: { description: 'Where the thing is.', schema: text },
  ETag: { description: 'The revision, for If-Match.', schema: text },
} as const satisfies Readonly<Record<string, Parameter>>

export type AnswerHeader = keyof typeof answerHeaders
