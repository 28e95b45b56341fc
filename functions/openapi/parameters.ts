import * as z from 'zod'
import { purposes } from '../../src/call/quote.ts'
import { languages } from '../../src/explain/phrases.ts'
import { allUsageGroups } from '../../src/ledger/usage.ts'

type Parameter = {
  readonly description: string
  readonly schema: z.ZodType
  /** Its name where the table's key is not: another route's parameter has it too. */
  readonly name?: string
}

const text = z.string()

/** Variables of paths. */
export const pathParameters: Readonly<Record<string, Parameter>> = {
  model: { description: 'Name of a model; where it is called, also name@alias or name@version.', schema: text },
  version: { description: 'Number of a version.', schema: z.int().min(1) },
  alias: { description: 'Name of an alias.', schema: text },
  plot: { description: 'Name of a plot with .svg behind it; the explanations list them.', schema: text },
  id: { description: 'Id of a call that is answered later.', schema: text },
  batch: { description: 'Id of a batch.', schema: text },
  registration: { description: 'Id of a registration.', schema: text },
  dataset: { description: 'Name of a dataset.', schema: text },
  run: { description: 'Id of a run.', schema: text },
  consumer: { description: 'Id of a consumer.', schema: text },
  month: { description: 'A month of the billing zone, such as `2026-11`.', schema: text },
  key: { description: 'Public id of a key, not its secret.', schema: text },
  reconciliation: { description: 'Id of a reconciliation.', schema: text },
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
  by: { description: 'What the usage is grouped by; `consumer` in that of all.', schema: z.enum(allUsageGroups) },
  detail: { description: 'Totals of folded hours, or every usage row.', schema: z.enum(['totals', 'rows']) },
  of: { description: 'The thing that was changed, such as `price/cars`, or all below `key/acme`.', schema: text },
  actor: { description: 'Id of the key that changed it.', schema: text, name: 'by' },
  for: { description: 'What the rows are for.', schema: z.enum(purposes) },
  method: {
    description: 'How contributions are computed; by default what fits the model.',
    schema: z.enum(['tree-path-dependent', 'tree-interventional', 'linear', 'permutation']),
  },
  class: { description: 'The class that is explained.', schema: text },
  interactions: { description: 'Whether pairs of columns are told as well.', schema: z.boolean() },
  budget: { description: 'Model rows that one explained row may take by permutation.', schema: z.int().min(1) },
  seed: { description: 'Of what is drawn.', schema: z.int().min(0) },
  language: { description: 'Of the sentences.', schema: z.enum(languages) },
  counterfactual: { description: 'Whether the least change to another class is looked for.', schema: z.boolean() },
  after: { description: 'Sequence of the last event that is known.', schema: z.int().min(0) },
} as const satisfies Readonly<Record<string, Parameter>>

/** What a query calls a parameter. */
export const queryName = (name: QueryName): string => {
  const parameter: Parameter = queryParameters[name]
  return parameter.name ?? name
}

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
  'Percall-Balance': {
    description: 'What is left to pay calls with, a decimal; where calls are capped.',
    schema: text,
  },
  'Percall-Cap-Used': { description: 'The largest of 50 %, 80 % and 100 % of the cap that is used.', schema: text },
  'Server-Timing': { description: 'Milliseconds of each part of the call.', schema: text },
  'Inference-Header-Content-Length': {
    description: 'Bytes of JSON before the binary tensors.',
    schema: z.int().min(0),
  },
  'Idempotent-Replayed': { description: '`true` on an answer that was given before.', schema: text },
  'Preference-Applied': { description: 'The preference that was followed.', schema: text },
  'RateLimit-Policy': {
    description: 'The limits that the request is counted against, where there are any.',
    schema: text,
  },
  RateLimit: { description: 'What is left under each of them.', schema: text },
  'Retry-After': { description: 'Seconds after which to ask again.', schema: z.int().min(0) },
  Location: { description: 'Where the thing is.', schema: text },
  Link: { description: 'The following page, `rel="next"`; absent on the last one.', schema: text },
  ETag: { description: 'The revision, for If-Match.', schema: text },
} as const satisfies Readonly<Record<string, Parameter>>

export type AnswerHeader = keyof typeof answerHeaders
