/**
 * Every refusal a caller can meet. docs/errors.md has a row for each code, and a test keeps the two the same.
 * The hint is the caller's next step; the message, written where the refusal happens, says what was expected and what came.
 */
const table = {
  BAD_JSON: { status: 400, hint: 'send one JSON object, encoded as UTF-8' },
  BAD_REQUEST: { status: 400, hint: 'compare the body with docs/http.md' },
  BAD_DATATYPE: { status: 400, hint: 'GET /v2/models/{name} shows the datatype of each input' },
  BAD_VALUE: { status: 400, hint: 'send values that the declared datatype can hold exactly' },
  SHAPE_MISMATCH: { status: 400, hint: 'GET /v2/models/{name} shows the declared shapes; -1 is any size' },
  UNKNOWN_INPUT: { status: 400, hint: 'GET /v2/models/{name} lists the inputs' },
  MISSING_INPUT: { status: 400, hint: 'GET /v2/models/{name} lists the inputs' },
  UNKNOWN_OUTPUT: { status: 400, hint: 'GET /v2/models/{name} lists the outputs' },
  UNKNOWN_COLUMN: { status: 400, hint: 'rename or drop the column, or add ?unknown=ignore' },
  BAD_CELL: {
    status: 400,
    hint: 'send a value of the kind that the column had in training, or null when it is missing',
  },
  NOT_ONNX: {
    status: 400,
    hint: 'export the model with torch.onnx, skl2onnx or a like tool, and send the .onnx file itself',
  },
  BAD_MANIFEST: { status: 400, hint: 'compare the manifest with docs/embeddings.md and the signature of the model' },
  TOO_MANY_TOKENS: { status: 400, hint: 'cut the text into parts that are short enough' },
  NOT_EXPLAINABLE: {
    status: 400,
    hint: 'docs/explain.md says which models can be explained, and by which methods',
  },
  BUDGET_TOO_SMALL: {
    status: 400,
    hint: 'raise budget to what the message names, or send fewer background rows',
  },
  BAD_BACKGROUND: {
    status: 400,
    hint: "send background rows as instances are sent, or none: then the version's own sample is taken",
  },
  WRONG_TASK: { status: 400, hint: 'GET /v2/models/{name} shows what the model takes and answers' },
  UNSUPPORTED_ONNX: { status: 400, hint: 'keep weights inside the file and use ai.onnx and ai.onnx.ml operators' },
  INFERENCE_REFUSED: {
    status: 400,
    hint: 'the model refused these values; check shapes and categories against its signature',
  },
  OUT_OF_MEMORY: {
    status: 400,
    hint: 'send smaller inputs or fewer rows; where a value decides a size, send a smaller value',
  },
  BAD_TABLE: {
    status: 400,
    hint: 'send CSV, JSON Lines or Parquet with a header and at least one row; texts are saved as UTF-8',
  },
  UNKNOWN_TARGET: { status: 400, hint: 'name one of the columns of the dataset as target' },
  BAD_RUN: { status: 400, hint: 'docs/training.md lists the fields of a run and their values' },
  BAD_SCHEDULE: {
    status: 400,
    hint: 'write rate(1 day) or cron(0 3 * * ? *), in UTC; docs/training.md says what they may hold',
  },
  BAD_NAME: {
    status: 400,
    hint: 'names have letters, digits, "-", "_" and "."; they start with a letter or digit; at most 128 characters',
  },
  BAD_PRICE: {
    status: 400,
    hint: 'amounts are decimals with at most 9 places, such as "0.000002", and at most 9007199.254740991',
  },
  KEY_MISSING: { status: 401, hint: 'send the header "Authorization: Bearer pc_live_..."' },
  KEY_UNKNOWN: { status: 401, hint: 'check the key for missing characters, or ask the owner for a new one' },
  KEY_EXPIRED: { status: 401, hint: 'ask the owner for a new key' },
  KEY_REVOKED: { status: 401, hint: 'ask the owner for a new key' },
  PAYMENT_REQUIRED: {
    status: 402,
    hint: 'ask the owner for credit or a higher limit; with Retry-After some may come back by then',
  },
  NOT_GRANTED: { status: 403, hint: 'ask the owner to grant this model to your consumer' },
  OUT_OF_SCOPE: { status: 403, hint: 'use a key with that scope; docs/billing.md lists the scopes' },
  NOT_FROM_HERE: { status: 403, hint: 'call from an address that the key allows, or ask for a key without IP ranges' },
  OWNER_ONLY: { status: 403, hint: 'this route needs an owner key' },
  UNKNOWN_ROUTE: { status: 404, hint: 'docs/http.md lists the routes' },
  UNKNOWN_MODEL: { status: 404, hint: 'GET /v2/models lists the models that this key may call' },
  UNKNOWN_VERSION: { status: 404, hint: 'GET /v2/models/{name} lists the versions' },
  UNKNOWN_ALIAS: { status: 404, hint: 'GET /api/models/{name} lists the aliases' },
  UNKNOWN_DATASET: { status: 404, hint: 'GET /api/datasets lists the datasets' },
  UNKNOWN_RUN: { status: 404, hint: 'GET /api/runs lists the runs' },
  UNKNOWN_TRIGGER: { status: 404, hint: 'GET /api/triggers lists the triggers' },
  UNKNOWN_CONSUMER: { status: 404, hint: 'GET /api/consumers lists the consumers' },
  UNKNOWN_INVOICE: { status: 404, hint: 'GET /api/consumers/{consumer}/invoices lists the invoices' },
  UNKNOWN_KEY_ID: { status: 404, hint: 'GET /api/consumers/{consumer}/keys lists the keys' },
  UNKNOWN_UPLOAD: { status: 404, hint: 'uploads live for a day; ask for a new one with POST /api/uploads' },
  UNKNOWN_RECONCILIATION: { status: 404, hint: 'GET /api/reconciliations lists the reconciliations' },
  UNKNOWN_REGISTRATION: { status: 404, hint: 'GET /api/registrations lists the registrations' },
  UNKNOWN_EXPLANATION: {
    status: 404,
    hint: 'versions that a run of this release made have explanations; GET .../explanations lists their plots',
  },
  UNKNOWN_BATCH: { status: 404, hint: 'GET /v1/batches lists the batches of your consumer' },
  WRONG_VERB: { status: 405, hint: 'the Allow header lists the verbs of this route' },
  ANSWER_GONE: { status: 410, hint: 'answers are kept for 2 days; send the request as a new call' },
  CONFLICT: { status: 409, hint: 'read the thing again, then decide' },
  IN_USE: {
    status: 409,
    hint: 'move aliases that point to it, remove its trigger, or wait for the end of what the message names',
  },
  RUN_ENDED: { status: 409, hint: 'GET /api/runs/{id} shows how it ended' },
  BATCH_OPEN: { status: 409, hint: 'GET /v1/batches/{id} until it has ended; what is done by then can be read' },
  BATCH_ENDED: { status: 409, hint: 'GET /v1/batches/{id} shows how it ended' },
  STALE: { status: 412, hint: 'read it again and send its ETag as If-Match' },
  TOO_LARGE: { status: 413, hint: 'send fewer rows, or use an upload' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, hint: 'use a new Idempotency-Key for a new request' },
  UNKNOWN_CALL: { status: 404, hint: 'GET /v1/calls lists the calls of this consumer; they are kept for 2 days' },
  CALL_ENDED: { status: 409, hint: 'GET /v1/calls/{id} shows how it ended' },
  TOO_MANY_REQUESTS: { status: 429, hint: 'try again after the seconds in Retry-After; RateLimit shows what is left' },
  TOO_MANY_UPLOADS: {
    status: 429,
    hint: 'use the uploads that you have, or try again after the seconds in Retry-After',
  },
  LEDGER_BUSY: { status: 429, hint: 'too many calls of this consumer began at once; try again after Retry-After' },
  CREDIT_TOO_LARGE: { status: 400, hint: 'all credits of a consumer together are at most 9007199.254740991' },
  CAP_BELOW_SPENT: { status: 409, hint: 'set at least what is spent and leased in this month, or wait for its end' },
  WRONG_MEDIA_TYPE: { status: 415, hint: 'docs/http.md lists the media types of each route' },
  PRICE_TOO_LATE: { status: 409, hint: 'a price holds from the start of an hour that has not been opened yet' },
  BILLING_FIXED: {
    status: 500,
    hint: 'deploy or start again with the flag that the message names; another one is for a new deployment',
  },
  INTERNAL: { status: 500, hint: 'try again; if it stays, send the request id to the owner' },
  OUTPUT_NOT_EXPRESSIBLE: {
    status: 501,
    hint: 'ask for tensor outputs only; sequences and maps are not part of the protocol',
  },
  INFERENCE_TIMEOUT: {
    status: 504,
    hint: 'send fewer rows or other values; if it stays, this model does not end in time, and its owner can tell why',
  },
  NOT_READY: { status: 503, hint: 'try again after the seconds in Retry-After' },
  OUTCOME_UNKNOWN: {
    status: 503,
    hint: 'the call may have been charged: GET /api/me shows the usage; a credit: send it again with the same id',
  },
} as const satisfies Record<string, { readonly status: number; readonly hint: string }>

export type ErrorCode = keyof typeof table

export const errorTable: Readonly<Record<ErrorCode, { readonly status: number; readonly hint: string }>> = table

type RefusalDetails = {
  readonly headers?: Readonly<Record<string, string>>
  readonly members?: Readonly<Record<string, unknown>>
}

/** A refusal with its code, HTTP status and the caller's next step. `message` says what, which, expected, got. */
export class PercallError extends Error {
  readonly code: ErrorCode
  /** Of the answer, besides those of its code. */
  readonly headers: Readonly<Record<string, string>>
  /** Of the answer's body, besides those that every refusal has. */
  readonly members: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message: string, options?: ErrorOptions & RefusalDetails) {
    super(message, options)
    this.name = 'PercallError'
    this.code = code
    this.headers = options?.headers ?? {}
    this.members = options?.members ?? {}
  }

  get status(): number {
    return table[this.code].status
  }

  get hint(): string {
    return table[this.code].hint
  }
}
