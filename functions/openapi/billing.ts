import { consumerChangeSchema, consumerSchema } from '../../src/access/consumer.ts'
import { keySchema, rotationSchema } from '../../src/access/key-request.ts'
import {
  auditPageAnswer,
  changedConsumerAnswer,
  consumerAnswer,
  consumersAnswer,
  creditAnswer,
  creditsAnswer,
  keyMadeAnswer,
  keyRotatedAnswer,
  keysAnswer,
  meAnswer,
  priceMadeAnswer,
  pricesAnswer,
  usageAnswer,
} from '../../src/answers/billing.ts'
import { reconciliationAnswer, reconciliationsAnswer } from '../../src/answers/reconciliations.ts'
import { creditSchema } from '../../src/billing/credit.ts'
import { priceSchema } from '../../src/billing/price-request.ts'
import { reconciliationSchema } from '../../src/ledger/reconciliation-request.ts'
import type { auditRoutes } from '../control/audit.ts'
import type { consumerRoutes } from '../control/consumers.ts'
import type { creditRoutes } from '../control/credits.ts'
import type { keyRoutes } from '../control/keys.ts'
import type { meRoutes } from '../control/me.ts'
import type { priceRoutes } from '../control/prices.ts'
import type { reconciliationRoutes } from '../control/reconciliations.ts'
import type { usageRoutes } from '../control/usage.ts'
import { json, type Operations } from './operation.ts'

const usage = { content: { ...json(usageAnswer), 'text/csv': 'text' } } as const
const consumer = { content: json(consumerAnswer), headers: ['ETag'] } as const

const consumerOperations: Operations<typeof consumerRoutes> &
  Operations<typeof usageRoutes> &
  Operations<typeof creditRoutes> = {
  'GET /api/consumers': {
    summary: 'All consumers.',
    query: ['limit', 'next'],
    answers: { 200: { content: json(consumersAnswer) } },
  },
  'POST /api/consumers': {
    summary: 'Makes a consumer.',
    request: json(consumerSchema),
    headers: ['Content-Encoding'],
    answers: { 201: consumer },
    errors: ['CONFLICT', 'BAD_PRICE'],
  },
  'GET /api/consumers/{consumer}': {
    summary: 'A consumer.',
    answers: { 200: consumer },
    errors: ['UNKNOWN_CONSUMER'],
  },
  'PATCH /api/consumers/{consumer}': {
    summary:
      "Changes a consumer's grants, limits, plan, cap or free allowance; `grants` takes the place of all that it had.",
    request: json(consumerChangeSchema),
    headers: ['If-Match', 'Content-Encoding'],
    answers: { 200: { content: json(changedConsumerAnswer), headers: ['ETag'] } },
    errors: ['UNKNOWN_CONSUMER', 'CONFLICT', 'BAD_PRICE', 'CAP_BELOW_SPENT'],
  },
  'DELETE /api/consumers/{consumer}': {
    summary: 'Removes a consumer; its usage, balances and credits stay readable.',
    headers: ['If-Match'],
    answers: { 204: {} },
    errors: ['UNKNOWN_CONSUMER', 'CONFLICT'],
  },
  'GET /api/consumers/{consumer}/credits': {
    summary: 'Credits of a consumer, latest ids first.',
    query: ['limit', 'next'],
    answers: { 200: { content: json(creditsAnswer) } },
    errors: ['UNKNOWN_CONSUMER'],
  },
  'POST /api/consumers/{consumer}/credits': {
    summary: 'Gives credit to a prepaid balance, once for its id, or without one for its Idempotency-Key.',
    request: json(creditSchema),
    headers: ['Idempotency-Key', 'Content-Encoding'],
    answers: {
      200: { description: 'It was given before.', content: json(creditAnswer) },
      201: { content: json(creditAnswer) },
    },
    errors: [
      'UNKNOWN_CONSUMER',
      'CONFLICT',
      'BAD_PRICE',
      'CREDIT_TOO_LARGE',
      'IDEMPOTENCY_KEY_REUSED',
      'OUTCOME_UNKNOWN',
    ],
  },
  'GET /api/consumers/{consumer}/usage': {
    summary: 'What a consumer used, of at most 366 days; as CSV every line at once.',
    query: ['from', 'to', 'by', 'limit', 'next'],
    answers: { 200: usage },
    errors: ['BAD_REQUEST', 'UNKNOWN_CONSUMER'],
  },
  'GET /api/usage': {
    summary: 'What all consumers used, as the usage of one.',
    query: ['from', 'to', 'by', 'limit', 'next'],
    answers: { 200: usage },
    errors: ['BAD_REQUEST'],
  },
}

const keyOperations: Operations<typeof keyRoutes> & Operations<typeof meRoutes> = {
  'GET /api/consumers/{consumer}/keys': {
    summary: 'Keys of a consumer, without their secrets.',
    query: ['limit', 'next'],
    answers: { 200: { content: json(keysAnswer) } },
    errors: ['UNKNOWN_CONSUMER'],
  },
  'POST /api/consumers/{consumer}/keys': {
    summary: 'Makes a key; its secret is in this answer only.',
    request: json(keySchema),
    headers: ['Content-Encoding'],
    answers: { 201: { content: json(keyMadeAnswer) } },
    errors: ['BAD_PRICE', 'UNKNOWN_CONSUMER'],
  },
  'POST /api/consumers/{consumer}/keys/{key}/rotate': {
    summary: 'Makes a key that takes the place of another, which goes on for the overlap.',
    request: json(rotationSchema),
    headers: ['Content-Encoding'],
    answers: { 201: { content: json(keyRotatedAnswer) } },
    errors: ['UNKNOWN_CONSUMER', 'UNKNOWN_KEY_ID', 'CONFLICT'],
  },
  'DELETE /api/consumers/{consumer}/keys/{key}': {
    summary: 'Revokes a key, everywhere within 60 seconds.',
    answers: { 204: {} },
    errors: ['UNKNOWN_CONSUMER', 'UNKNOWN_KEY_ID'],
  },
  'GET /api/me': {
    summary: 'The calling key: what it may call, and what its consumer used.',
    query: ['from', 'to', 'by'],
    answers: { 200: { content: json(meAnswer) } },
    errors: ['BAD_REQUEST'],
  },
  'GET /api/me/keys': {
    summary: "Keys of the calling key's consumer, without their secrets.",
    query: ['limit', 'next'],
    answers: { 200: { content: json(keysAnswer) } },
  },
  'POST /api/me/keys': {
    summary: 'Makes another key that may do no more than the calling one.',
    request: json(keySchema),
    headers: ['Content-Encoding'],
    answers: { 201: { content: json(keyMadeAnswer) } },
    errors: ['BAD_PRICE'],
  },
  'DELETE /api/me/keys/{key}': {
    summary: 'Revokes a key that may do no more than the calling one.',
    answers: { 204: {} },
    errors: ['NOT_GRANTED', 'UNKNOWN_KEY_ID'],
  },
}

const priceOperations: Operations<typeof priceRoutes> = {
  'GET /api/prices/{model}': {
    summary: 'Prices of a model: the one in force, and all.',
    answers: { 200: { content: json(pricesAnswer) } },
    errors: ['BAD_NAME', 'UNKNOWN_MODEL'],
  },
  'PUT /api/prices/{model}': {
    summary: 'Sets the price from the start of an hour on.',
    request: json(priceSchema),
    headers: ['Content-Encoding'],
    answers: { 200: { content: json(priceMadeAnswer) } },
    errors: ['BAD_NAME', 'BAD_PRICE', 'UNKNOWN_MODEL', 'PRICE_TOO_LATE'],
  },
}

const auditOperations: Operations<typeof auditRoutes> = {
  'GET /api/audit': {
    summary: 'Who changed what, when, from what to what; newest first.',
    query: ['of', 'actor', 'from', 'to', 'limit', 'next'],
    answers: { 200: { content: json(auditPageAnswer) } },
  },
}

const reconciliationOperations: Operations<typeof reconciliationRoutes> = {
  'GET /api/reconciliations': {
    summary: 'Reconciliations, the newest first; one is made each night.',
    query: ['limit', 'next'],
    answers: { 200: { content: json(reconciliationsAnswer) } },
  },
  'POST /api/reconciliations': {
    summary:
      'Begins to compare rows, totals, records and balances, of the current month unless the body says otherwise.',
    request: json(reconciliationSchema),
    bodyIsOptional: true,
    headers: ['Content-Encoding'],
    answers: { 202: { content: json(reconciliationAnswer), headers: ['Location'] } },
  },
  'GET /api/reconciliations/{reconciliation}': {
    summary: 'How far a reconciliation is, and what it found.',
    answers: { 200: { content: json(reconciliationAnswer) } },
    errors: ['UNKNOWN_RECONCILIATION'],
  },
}

/** Consumers, keys, prices, usage, and who changed them. */
export const billingOperations = {
  ...consumerOperations,
  ...keyOperations,
  ...priceOperations,
  ...auditOperations,
  ...reconciliationOperations,
}
