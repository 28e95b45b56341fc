import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KMSClient } from '@aws-sdk/client-kms'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { putConsumer, readConsumer } from '../../../adapters/access/consumers.ts'
import { findPrincipal } from '../../../adapters/access/find-principal.ts'
import { keyMac } from '../../../adapters/access/key-secret.ts'
import { createKey, findKey, revokeKey } from '../../../adapters/access/keys.ts'
import { createOwnerKey } from '../../../adapters/access/owner-key.ts'
import { createKeys } from '../../../local/keys.ts'
import { auditOfConsumer } from '../../../src/access/audited.ts'
import type { Consumer } from '../../../src/access/consumer.ts'
import { serveJson } from '../../local/json-server.ts'
import { startPlaces } from '../places.ts'

const keyArn = 'arn:aws:kms:us-east-1:000000000000:key/enc'
const folder = mkdtempSync(join(tmpdir(), 'percall-keys-'))
const keys = createKeys({ folder, authorize: () => {} })
keys.addKey({
  stack: 'Test',
  logicalId: 'enc',
  type: 'AWS::KMS::Key',
  ref: 'enc',
  attributes: { Arn: keyArn },
  properties: {},
})

let places: Awaited<ReturnType<typeof startPlaces>>
let server: Awaited<ReturnType<typeof serveJson>>
let kms: KMSClient
let nowMs = 1_800_000_000_000
const clock = () => nowMs

beforeAll(async () => {
  places = await startPlaces()
  server = await serveJson(keys.service, () => ({ kind: 'admin' }))
  const credentials = { accessKeyId: 'admin', secretAccessKey: 'none' }
  kms = new KMSClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 })
})
afterAll(async () => {
  await Promise.all([places.close(), server.close()])
  rmSync(folder, { recursive: true })
})

const macOf = () => keyMac({ registry: places.registry, kms, keyArn })
const addConsumer = (after: Consumer): Promise<boolean> => {
  const change = { actor: 'tester', action: 'consumer.create', before: undefined, after, atMs: nowMs }
  return putConsumer(places.registry)(after, auditOfConsumer(change))
}
const finder = () => {
  const table = places.registry
  return findPrincipal({ mac: macOf(), findKey: findKey(table), readConsumer: readConsumer(table), nowMs: clock })
}

test('two racing first owner keys -> one deployment secret, both keys are owners everywhere', async () => {
  const place = {
    registryTable: places.registry.table,
    keyArn,
    documents: places.registry.documents,
    kms,
    nowMs: clock,
  }
  const made = await Promise.all([createOwnerKey(place), createOwnerKey(place, 'second')])
  for (const { id, secret } of made)
    expect(await finder()(secret)).toMatchObject({ role: 'owner', consumerId: 'owner', keyId: id })
})

test('a consumer key -> narrowed grants, until it expires or is revoked', async () => {
  const table = places.registry
  await addConsumer({ id: 'acme', plan: 'postpaid', grants: ['a', 'b'], createdAtMs: nowMs, revision: 1 })
  const create = createKey(table, macOf())
  const fields = { consumerId: 'acme', createdAtMs: nowMs, grants: ['b', 'c'] }
  const lasting = await create(fields, 'tester')
  const short = await create({ ...fields, expiresAtMs: nowMs + 1000 }, 'tester')
  const find = finder()
  expect(await find(lasting.secret)).toMatchObject({ role: 'consumer', grants: ['b'] })
  expect(await find(short.secret)).toMatchObject({ grants: ['b'] })
  nowMs += 1000
  await expect(find(short.secret)).rejects.toMatchObject({ code: 'KEY_EXPIRED' })
  expect(await revokeKey(table)('acme', lasting.id, 'tester', nowMs)).toBe(true)
  nowMs += 30_000
  await expect(find(lasting.secret)).rejects.toMatchObject({ code: 'KEY_REVOKED' })
  expect(await revokeKey(table)('acme', 'nope', 'tester', nowMs)).toBe(false)
})

test('a made-up key -> KEY_UNKNOWN without any read', async () => {
  const read = () => Promise.reject(new Error('read'))
  const find = findPrincipal({ mac: macOf(), findKey: read, readConsumer: read, nowMs: clock })
  await expect(find(`pc_live_${'A'.repeat(33)}`)).rejects.toMatchObject({ code: 'KEY_UNKNOWN' })
})
