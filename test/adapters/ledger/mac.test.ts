import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EncryptCommand, KMSClient } from '@aws-sdk/client-kms'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isMacOf, type MacKey, macOf } from '../../../adapters/ledger/mac.ts'
import { createKeys } from '../../../local/keys.ts'
import { serveJson } from '../../local/json-server.ts'
import { admin, tableResource } from '../../local/tables/setup.ts'

const folder = mkdtempSync(join(tmpdir(), 'percall-mac-'))
const keyId = '11111111-2222-4333-8444-555555555555'
const keyArn = `arn:aws:kms:us-east-1:000000000000:key/${keyId}`
const keys = createKeys({ folder, authorize: () => {} })
let server: Awaited<ReturnType<typeof serveJson>>
let key: MacKey
beforeAll(async () => {
  keys.addKey({ ...tableResource('key', {}, 'AWS::KMS::Key'), ref: keyId, attributes: { Arn: keyArn } })
  server = await serveJson(keys.service, () => admin)
  const credentials = { accessKeyId: 'admin', secretAccessKey: 'none' }
  key = { kms: new KMSClient({ endpoint: server.url, region: 'us-east-1', credentials }), keyArn }
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

test('the MAC of a hash -> is its own, and of no other; what else the key encrypted is none', async () => {
  const mac = await macOf(key)('hash')
  expect(await isMacOf(key)('hash', mac)).toBe(true)
  expect(await isMacOf(key)('other', mac)).toBe(false)
  for (const forged of ['', 'AAAA', `${mac.slice(0, -4)}AAA=`]) expect(await isMacOf(key)('hash', forged)).toBe(false)
  const Plaintext = new TextEncoder().encode('hash')
  const { CiphertextBlob } = await key.kms.send(new EncryptCommand({ KeyId: keyArn, Plaintext }))
  expect(await isMacOf(key)('hash', Buffer.from(CiphertextBlob!).toString('base64'))).toBe(false)
})
