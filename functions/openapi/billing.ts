import {
  consumerAnswer,
  consumersAnswer,
  keyMadeAnswer,
  keysAnswer,
  meAnswer,
  priceMadeAnswer,
  pricesAnswer,
  usageAnswer,
} from '../../src/answers/billing.ts'
import { consumerChangeSchema, consumerSchema, keySchema } from '../../src/consumer.ts'
import type { consumerRoutes } from '../control/consumers.ts'
import type { keyRoutes } from '../control/keys.ts'
import type { meRoutes } from '../control/me.ts'
import { type priceRoutes, priceSchema } from '../control/prices.ts'
import type { usageRoutes } from '../control/usage.ts'
import { json, type Operations } from './operation.ts'

const consumer = { content: json(consumerAnswer), headers: ['ETag'] } as const

const consumerOperations: Operations<typeof consumerRoutes> & Operations<typeof usageRoutes> = {
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
    errors: ['CONFLICT'],
  },
  'GET /api/consumers/{consumer}': {
    summary: 'A consumer.',
    answers: { 200: consumer },
    errors: ['UNKNOWN_CONSUMER'],
  },
  'PATCH /api/consumers/{consumer}': {
    summary: "Changes a consumer's grants.",
    request: json(consumerChangeSchema),
    headers: ['If-Match', 'Content-Encoding'],
    answers: { 200: consumer },
    errors: ['UNKNOWN_CONSUMER', 'CONFLICT'],
  },
  'DELETE /api/consumers/{consumer}': {
    summary: 'Removes a consumer; its usage stays.',
    headers: ['If-Match'],
    answers: { 204: {} },
    errors: ['UNKNOWN_CONSUMER', 'CONFLICT'],
  },
  'GET /api/consumers/{consumer}/usage': {
    summary: 'What a consumer used, of at most 31 days.',
    query: ['from', 'to', 'by'],
    answers: { 200: { content: json(usageAnswer) } },
    errors: ['BAD_REQUEST', 'UNKNOWN_CONSUMER'],
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
    errors: ['UNKNOWN_CONSUMER'],
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
  'POST /api/me/keys': {
    summary: 'Makes another key that may do no more than the calling one.',
    request: json(keySchema),
    headers: ['Content-Encoding'],
    answers: { 201: { content: json(keyMadeAnswer) } },
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

/** Consumers, keys, prices, usage. */
export const billingOperations = { ...consumerOperations, ...keyOperations, ...priceOperations }
