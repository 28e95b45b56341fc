import { callAnswer as laterAnswer } from '../../src/answers/calls.ts'
import type { ErrorCode } from '../../src/errors.ts'
import { type Answer, type Content, json, type Operation } from './operation.ts'
import type { AnswerHeader, RequestHeader } from './parameters.ts'

/** What every call of a model takes. */
export const callHeaders: readonly RequestHeader[] = [
  'Idempotency-Key',
  'Prefer',
  'Content-Encoding',
  'Accept-Encoding',
]

const charge: readonly AnswerHeader[] = [
  'Percall-Version',
  'Percall-Units',
  'Percall-Cost',
  'Percall-Cold',
  'Percall-Balance',
  'Percall-Cap-Used',
  'Server-Timing',
]
const again: readonly AnswerHeader[] = ['Idempotent-Replayed', 'Percall-Original-Request-Id']

/** The answer of a call, with what it cost. */
export const callAnswer = (content: Content): Answer => ({
  content,
  headers: [...charge, ...again, 'Inference-Header-Content-Length', 'Preference-Applied'],
})

/** What a call answers that is not answered at once. */
export const answeredLater: Operation['answers'] = {
  202: {
    description: 'Accepted under `Prefer: respond-async`; ask for it at its Location.',
    content: json(laterAnswer),
    headers: ['Location', 'Retry-After', 'Preference-Applied', ...again],
  },
  303: {
    description:
      'Answered within `wait`, or before under its key, and too large for the gateway in a coding that the caller accepts: the answer is at its Location.',
    headers: ['Location', 'Preference-Applied', ...charge, ...again],
  },
}

/** What every call of a model may be refused with, besides its key, name and body. */
export const callErrors: readonly ErrorCode[] = [
  'BAD_DATATYPE',
  'BAD_VALUE',
  'SHAPE_MISMATCH',
  'UNKNOWN_INPUT',
  'MISSING_INPUT',
  'INFERENCE_REFUSED',
  'OUT_OF_MEMORY',
  'TOO_LARGE',
  'UNKNOWN_UPLOAD',
  'CONFLICT',
  'ANSWER_GONE',
  'IDEMPOTENCY_KEY_REUSED',
  'INFERENCE_TIMEOUT',
  'OUTCOME_UNKNOWN',
  'PAYMENT_REQUIRED',
  'LEDGER_BUSY',
]
