import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GenerateMacCommand,
  KMSClient,
  RotateKeyOnDemandCommand,
  VerifyMacCommand,
} from '@aws-sdk/client-kms'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEndpoint } from '../../local/endpoint.ts'
import { createKeys } from '../../local/keys.ts'
import { listen } from '../../local/listen.ts'
import type { Resource } from '../../local/service.ts'

const resource = (ref: string, properties: object = {}, type = 'AWS::KMS::Key'): Resource => ({
  stack: 'Test',
  logicalId: ref,
  type,
  ref,
  attributes: { Arn: `arn:aws:kms:us-east-1:000000000000:key/${ref}` },
  properties,
})
const folder = mkdtempSync(join(tmpdir(), 'keys-'))
const asked: string[] = []
const openKeys = () => {
  const keys = createKeys({
    folder,
    authorize: (_, action, arn, context) => void asked.push(`${action} ${arn} ${JSON.stringify(context)}`),
  })
  keys.addKey(resource('enc', { EnableKeyRotation: true }))
  keys.addKey(resource('other'))
  keys.addKey(resource('off', { Enabled: false }))
  keys.addKey(resource('mac', { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }))
  keys.addAlias(resource('a', { AliasName: 'alias/main', TargetKeyId: 'enc' }, 'AWS::KMS::Alias'))
  return keys
}
let keys = openKeys()
const server = createServer((request, response) =>
  createEndpoint({
    services: [keys.service],
    lambda: undefined as never, // no request of these tests is Lambda's
    secretOf: () => 'secret',
    callerOf: () => ({ kind: 'admin' }),
    now: Date.now,
    count: () => undefined,
    onFault: (error) => console.error(error),
  })(request, response),
)
let kms: KMSClient
beforeAll(async () => {
  const port = await listen(server, 0)
  const endpoint = `http://127.0.0.1:${port}`
  kms = new KMSClient({
    region: 'us-east-1',
    endpoint,
    maxAttempts: 1,
    credentials: { accessKeyId: 'K', secretAccessKey: 'secret' },
  })
})
afterAll(async () => {
  kms.destroy()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  rmSync(folder, { recursive: true })
})

const plain = Buffer.from('plaintext')
const EncryptionContext = { model: 'cars', kind: 'test' }
const nameOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error: Error) => error.name,
  )

// https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html
test.for([
  {
    given: 'the same context, other order',
    change: { EncryptionContext: { kind: 'test', model: 'cars' } },
    outcome: 'accepted',
  },
  { given: 'the key named by alias', change: { KeyId: 'alias/main' }, outcome: 'accepted' },
  { given: 'another context', change: { EncryptionContext: { model: 'cars' } }, outcome: 'InvalidCiphertextException' },
  { given: 'another key', change: { KeyId: 'other' }, outcome: 'IncorrectKeyException' },
  { given: 'made-up bytes', change: { CiphertextBlob: Buffer.alloc(200, 1) }, outcome: 'InvalidCiphertextException' },
  { given: 'a short blob', change: { CiphertextBlob: Buffer.of(1) }, outcome: 'InvalidCiphertextException' },
  { given: 'a grant token', change: { GrantTokens: ['x'] }, outcome: 'NotImplemented' },
])('decrypting with $given -> $outcome', async ({ change, outcome }) => {
  const { CiphertextBlob } = await kms.send(
    new EncryptCommand({ KeyId: 'alias/main', Plaintext: plain, EncryptionContext }),
  )
  expect(await nameOf(kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext, ...change })))).toBe(outcome)
})

test('every single bit of a ciphertext flipped -> never decrypted', async () => {
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: 'enc', Plaintext: plain }))
  for (let at = 0; at < CiphertextBlob!.length; at += 3) {
    const flipped = Buffer.from(CiphertextBlob!)
    flipped[at]! ^= 1
    expect(await nameOf(kms.send(new DecryptCommand({ CiphertextBlob: flipped })))).not.toBe('accepted')
  }
})

test.for([
  { given: 'AES_256', input: { KeySpec: 'AES_256' as const }, outcome: 32 },
  { given: 'AES_128', input: { KeySpec: 'AES_128' as const }, outcome: 16 },
  { given: '64 bytes', input: { NumberOfBytes: 64 }, outcome: 64 },
  { given: 'neither', input: {}, outcome: 'ValidationException' },
  { given: 'both', input: { KeySpec: 'AES_256' as const, NumberOfBytes: 1 }, outcome: 'ValidationException' },
  { given: '1025 bytes', input: { NumberOfBytes: 1025 }, outcome: 'ValidationException' },
  { given: 'a missing key', input: { KeyId: 'none', NumberOfBytes: 1 }, outcome: 'NotFoundException' },
  { given: 'a disabled key', input: { KeyId: 'off', NumberOfBytes: 1 }, outcome: 'DisabledException' },
  { given: 'an HMAC key', input: { KeyId: 'mac', NumberOfBytes: 1 }, outcome: 'InvalidKeyUsageException' },
])('a data key of $given -> $outcome', async ({ input, outcome }) => {
  const made = kms.send(new GenerateDataKeyCommand({ KeyId: 'enc', ...input }))
  if (typeof outcome === 'string') return expect(await nameOf(made)).toBe(outcome)
  const { Plaintext, CiphertextBlob } = await made
  expect(Plaintext).toHaveLength(outcome)
  expect((await kms.send(new DecryptCommand({ CiphertextBlob }))).Plaintext).toEqual(Plaintext)
})

test('a MAC -> verified; another message, another algorithm -> refused', async () => {
  const input = { KeyId: 'mac', Message: plain, MacAlgorithm: 'HMAC_SHA_256' as const }
  const { Mac } = await kms.send(new GenerateMacCommand(input))
  expect((await kms.send(new VerifyMacCommand({ ...input, Mac }))).MacValid).toBe(true)
  expect(await nameOf(kms.send(new VerifyMacCommand({ ...input, Mac, Message: Buffer.of(1) })))).toBe(
    'KMSInvalidMacException',
  )
  expect(await nameOf(kms.send(new GenerateMacCommand({ ...input, MacAlgorithm: 'HMAC_SHA_512' })))).toBe(
    'InvalidKeyUsageException',
  )
  expect((await kms.send(new DescribeKeyCommand({ KeyId: 'mac' }))).KeyMetadata?.KeySpec).toBe('HMAC_256')
})

test('rotation and a reopened folder -> old ciphertexts still open; the file is its owner’s alone', async () => {
  const { CiphertextBlob } = await kms.send(
    new GenerateDataKeyWithoutPlaintextCommand({ KeyId: 'enc', KeySpec: 'AES_256' }),
  )
  const before = await kms.send(new DecryptCommand({ CiphertextBlob }))
  await kms.send(new RotateKeyOnDemandCommand({ KeyId: 'enc' }))
  keys.close()
  keys = openKeys()
  expect((await kms.send(new DecryptCommand({ CiphertextBlob }))).Plaintext).toEqual(before.Plaintext)
  expect(statSync(join(folder, 'keys.json')).mode & 0o777).toBe(0o600)
})

test('use by a service -> asked with kms:ViaService; unknown properties of a key -> refused by name', () => {
  asked.length = 0
  keys.useKey(
    { kind: 'admin' },
    'kms:Decrypt',
    'arn:aws:kms:us-east-1:000000000000:key/enc',
    's3.us-east-1.amazonaws.com',
  )
  expect(asked).toEqual([
    expect.stringMatching(/^kms:Decrypt .*key\/enc .*"kms:ViaService":"s3.us-east-1.amazonaws.com"/),
  ])
  expect(() => keys.addKey(resource('x', { MultiRegion: true }))).toThrow(/MultiRegion/)
})
