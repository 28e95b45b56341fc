/**
 * KMS with the key material in a file of the data folder.
 * Does: symmetric encryption keys (AES-256-GCM, the encryption context bound as additional data), HMAC keys, aliases,
 * rotation on demand with the old material kept. Does not: asymmetric keys, grants, multi-region keys, automatic
 * rotation, deletion. Key policies are judged by `authorize`, which holds them.
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_Operations.html
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { join } from 'node:path'
import { openMaterial } from './key-material.ts'
import { hmacSpecs, type Key, metadata } from './key-metadata.ts'
import {
  type Authorize,
  AwsError,
  account,
  type Caller,
  type JsonService,
  type RequestContext,
  type Resource,
  region,
  type UseKey,
} from './service.ts'

export type Keys = {
  readonly service: JsonService
  readonly addKey: (resource: Resource) => void
  readonly addAlias: (resource: Resource) => void
  readonly useKey: UseKey
  readonly close: () => void
}

type Context = Readonly<Record<string, string>>
const ivBytes = 12
const tagBytes = 16
/** Format, key id (UUID text padded to 64 bytes), number of the material. */
const formatByte = 1
const keyIdBytes = 64
const headerBytes = 1 + keyIdBytes + 4
const longestPlaintextBytes = 4096
const longestDataKeyBytes = 1024
const keyProperties = new Set(
  'KeyPolicy Description EnableKeyRotation RotationPeriodInDays KeySpec KeyUsage Enabled PendingWindowInDays Tags'.split(
    ' ',
  ),
)

/** Opens the keys kept in `folder`. Throws when the file of the material is damaged. */
export function createKeys({ folder, authorize }: { folder: string; authorize: Authorize }): Keys {
  const material = openMaterial(join(folder, 'keys.json'))
  const keys = new Map<string, Key>()
  const aliases = new Map<string, string>()

  function find(id: unknown): Key {
    if (typeof id !== 'string' || id === '')
      throw new AwsError('ValidationException', 'KeyId: expected a key, got none')
    const alias = id.startsWith('alias/') ? id : id.split(':').find((part) => part.startsWith('alias/'))
    const keyId = alias === undefined ? id.split('key/').at(-1)! : aliases.get(alias)
    const key = keyId === undefined ? undefined : keys.get(keyId)
    if (!key || (id.startsWith('arn:') && alias === undefined && id !== key.arn)) {
      throw new AwsError('NotFoundException', `${alias === undefined ? 'Key' : 'Alias'} '${id}' does not exist`)
    }
    return key
  }

  function use(id: unknown, usage: string, caller: Caller, action: string, context: RequestContext = {}): Key {
    const key = find(id)
    authorize(caller, action, key.arn, { 'kms:CallerAccount': account, ...context })
    if (!key.enabled) throw new AwsError('DisabledException', `${key.arn} is disabled.`)
    if (key.usage !== usage) {
      throw new AwsError(
        'InvalidKeyUsageException',
        `${key.arn} key usage is ${key.usage} which is not valid for ${action}.`,
      )
    }
    return key
  }

  function encrypt(key: Key, plaintext: Buffer, context: Context): string {
    const number = material.newest(key.id)
    const header = Buffer.alloc(headerBytes)
    header.writeUInt8(formatByte, 0)
    header.write(key.id, 1, keyIdBytes)
    header.writeUInt32BE(number, 1 + keyIdBytes)
    const iv = randomBytes(ivBytes)
    const cipher = createCipheriv('aes-256-gcm', material.read(key.id, number)!, iv)
    cipher.setAAD(additionalData(header, context))
    const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()])
    return Buffer.concat([header, iv, cipher.getAuthTag(), sealed]).toString('base64')
  }

  function decrypt(blob: Buffer, keyOf: (id: string) => Key, context: Context): { key: Key; plaintext: Buffer } {
    const header = blob.subarray(0, headerBytes)
    const bodyStart = headerBytes + ivBytes + tagBytes
    if (blob.length < bodyStart || header[0] !== formatByte) throw invalidCiphertext()
    const id = header.toString('utf8', 1, 1 + keyIdBytes).replace(/\0+$/, '')
    const secret = material.read(id, header.readUInt32BE(1 + keyIdBytes))
    if (!secret) throw invalidCiphertext()
    const key = keyOf(id)
    const opener = createDecipheriv('aes-256-gcm', secret, blob.subarray(headerBytes, headerBytes + ivBytes))
    opener.setAAD(additionalData(header, context))
    opener.setAuthTag(blob.subarray(headerBytes + ivBytes, bodyStart))
    try {
      return { key, plaintext: Buffer.concat([opener.update(blob.subarray(bodyStart)), opener.final()]) }
    } catch {
      throw invalidCiphertext()
    }
  }

  function dataKey(input: DataKeyInput, caller: Caller, action: string) {
    only(input, 'KeyId', 'KeySpec', 'NumberOfBytes', 'EncryptionContext')
    const sizes: Record<string, number> = { AES_256: 32, AES_128: 16 }
    const sizeBytes = input.KeySpec === undefined ? input.NumberOfBytes : sizes[input.KeySpec]
    const both = input.KeySpec !== undefined && input.NumberOfBytes !== undefined
    if (both || !Number.isInteger(sizeBytes) || sizeBytes! < 1 || sizeBytes! > longestDataKeyBytes) {
      throw new AwsError('ValidationException', 'Please specify either number of bytes (1 to 1024) or key spec.')
    }
    const context = contextOf(input)
    const key = use(input.KeyId, 'ENCRYPT_DECRYPT', caller, action, conditions(context))
    const plaintext = randomBytes(sizeBytes!)
    const CiphertextBlob = encrypt(key, plaintext, context)
    return { KeyId: key.arn, CiphertextBlob, Plaintext: plaintext.toString('base64') }
  }

  function mac(input: MacInput, caller: Caller, action: string) {
    const key = use(input.KeyId, 'GENERATE_VERIFY_MAC', caller, action)
    const spec = hmacSpecs[key.spec]!
    if (input.MacAlgorithm !== spec.algorithm) {
      throw new AwsError(
        'InvalidKeyUsageException',
        `Algorithm ${input.MacAlgorithm} is incompatible with key spec ${key.spec}.`,
      )
    }
    const message = bytesOf(input.Message, 'Message', longestPlaintextBytes)
    const code = createHmac(spec.hash, material.read(key.id, material.newest(key.id))!)
    return { key, digest: code.update(message).digest() }
  }

  const operations = {
    GenerateDataKey: (input: DataKeyInput, caller: Caller) => dataKey(input, caller, 'kms:GenerateDataKey'),
    GenerateDataKeyWithoutPlaintext: (input: DataKeyInput, caller: Caller) => {
      const { Plaintext: _, ...answer } = dataKey(input, caller, 'kms:GenerateDataKeyWithoutPlaintext')
      return answer
    },
    Encrypt: (input: CipherInput, caller: Caller) => {
      only(input, 'KeyId', 'Plaintext', 'EncryptionContext', 'EncryptionAlgorithm')
      const context = contextOf(input)
      const key = use(input.KeyId, 'ENCRYPT_DECRYPT', caller, 'kms:Encrypt', conditions(context))
      const plaintext = bytesOf(input.Plaintext, 'Plaintext', longestPlaintextBytes)
      return { KeyId: key.arn, CiphertextBlob: encrypt(key, plaintext, context), EncryptionAlgorithm: symmetric(input) }
    },
    Decrypt: (input: CipherInput, caller: Caller) => {
      only(input, 'KeyId', 'CiphertextBlob', 'EncryptionContext', 'EncryptionAlgorithm')
      const context = contextOf(input)
      const algorithm = symmetric(input)
      const keyOf = (id: string) => {
        const key = use(id, 'ENCRYPT_DECRYPT', caller, 'kms:Decrypt', conditions(context))
        if (input.KeyId !== undefined && find(input.KeyId).id !== key.id) {
          throw new AwsError(
            'IncorrectKeyException',
            'The key ID in the request does not identify a CMK that can perform this operation.',
          )
        }
        return key
      }
      const { key, plaintext } = decrypt(bytesOf(input.CiphertextBlob, 'CiphertextBlob', 6144), keyOf, context)
      return { KeyId: key.arn, Plaintext: plaintext.toString('base64'), EncryptionAlgorithm: algorithm }
    },
    GenerateMac: (input: MacInput, caller: Caller) => {
      only(input, 'KeyId', 'Message', 'MacAlgorithm')
      const { key, digest } = mac(input, caller, 'kms:GenerateMac')
      return { KeyId: key.arn, Mac: digest.toString('base64'), MacAlgorithm: input.MacAlgorithm }
    },
    VerifyMac: (input: MacInput, caller: Caller) => {
      only(input, 'KeyId', 'Message', 'MacAlgorithm', 'Mac')
      const { key, digest } = mac(input, caller, 'kms:VerifyMac')
      const given = bytesOf(input.Mac, 'Mac', longestPlaintextBytes)
      if (given.length !== digest.length || !timingSafeEqual(given, digest))
        throw new AwsError('KMSInvalidMacException', '')
      return { KeyId: key.arn, MacValid: true, MacAlgorithm: input.MacAlgorithm }
    },
    DescribeKey: (input: { KeyId?: string }, caller: Caller) => {
      only(input, 'KeyId')
      const key = find(input.KeyId)
      authorize(caller, 'kms:DescribeKey', key.arn)
      return { KeyMetadata: metadata(key) }
    },
    RotateKeyOnDemand: (input: { KeyId?: string }, caller: Caller) => {
      only(input, 'KeyId')
      const key = use(input.KeyId, 'ENCRYPT_DECRYPT', caller, 'kms:RotateKeyOnDemand')
      material.add(key.id, randomBytes(32))
      return { KeyId: key.arn }
    },
  }

  return {
    service: { target: 'TrentService', jsonVersion: '1.1', operations },
    addKey: ({ logicalId, ref, attributes, properties }) => {
      const spec: string = properties.KeySpec ?? 'SYMMETRIC_DEFAULT'
      const usage: string = properties.KeyUsage ?? 'ENCRYPT_DECRYPT'
      const unknown = Object.keys(properties).find((name) => !keyProperties.has(name))
      const fits = hmacSpecs[spec]
        ? usage === 'GENERATE_VERIFY_MAC'
        : spec === 'SYMMETRIC_DEFAULT' && usage === 'ENCRYPT_DECRYPT'
      if (unknown !== undefined || !fits || ref.length > keyIdBytes) {
        const reason = unknown ?? `KeySpec ${spec} with KeyUsage ${usage}, key id ${ref}`
        throw new AwsError('NotImplemented', `AWS::KMS::Key ${logicalId}: ${reason} is not implemented`, 501)
      }
      const arn = attributes.Arn ?? `arn:aws:kms:${region}:${account}:key/${ref}`
      keys.set(ref, {
        id: ref,
        arn,
        spec,
        usage,
        enabled: properties.Enabled !== false,
        description: properties.Description ?? '',
      })
      if (material.newest(ref) < 0) material.add(ref, randomBytes(hmacSpecs[spec]?.bytes ?? 32))
    },
    addAlias: ({ properties }) => void aliases.set(properties.AliasName, find(properties.TargetKeyId).id),
    useKey: (caller, action, keyArn, viaService) =>
      void use(keyArn, 'ENCRYPT_DECRYPT', caller, action, { 'kms:ViaService': viaService }),
    close: () => keys.clear(),
  }
}

type DataKeyInput = { KeyId?: string; KeySpec?: string; NumberOfBytes?: number; EncryptionContext?: Context }
type CipherInput = {
  KeyId?: string
  Plaintext?: string
  CiphertextBlob?: string
  EncryptionContext?: Context
  EncryptionAlgorithm?: string
}
type MacInput = { KeyId?: string; Message?: string; MacAlgorithm?: string; Mac?: string }

// The header and the sorted context are authenticated: neither can be exchanged.
function additionalData(header: Buffer, context: Context): Buffer {
  const pairs = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))
  return Buffer.concat([header, Buffer.from(JSON.stringify(pairs))])
}

const conditions = (context: Context): RequestContext => ({
  ...Object.fromEntries(Object.entries(context).map(([name, value]) => [`kms:EncryptionContext:${name}`, value])),
  ...(Object.keys(context).length > 0 && { 'kms:EncryptionContextKeys': Object.keys(context) }),
})

function contextOf({ EncryptionContext = {} }: { EncryptionContext?: Context }): Context {
  for (const [name, value] of Object.entries(EncryptionContext)) {
    if (typeof value !== 'string')
      throw new AwsError('ValidationException', `EncryptionContext.${name}: expected a string`)
  }
  return EncryptionContext
}

function symmetric({ EncryptionAlgorithm = 'SYMMETRIC_DEFAULT' }: CipherInput): string {
  if (EncryptionAlgorithm === 'SYMMETRIC_DEFAULT') return EncryptionAlgorithm
  throw new AwsError(
    'InvalidKeyUsageException',
    `EncryptionAlgorithm: expected SYMMETRIC_DEFAULT, got ${EncryptionAlgorithm}`,
  )
}

function bytesOf(base64: string | undefined, name: string, longest: number): Buffer {
  const bytes = Buffer.from(base64 ?? '', 'base64')
  if (bytes.length >= 1 && bytes.length <= longest) return bytes
  throw new AwsError('ValidationException', `${name}: expected 1 to ${longest} bytes, got ${bytes.length}`)
}

function only(input: object, ...names: string[]): void {
  const unknown = Object.keys(input).find((name) => !names.includes(name))
  if (unknown !== undefined) throw new AwsError('NotImplemented', `the parameter ${unknown} is not implemented`, 501)
}

const invalidCiphertext = () =>
  new AwsError('InvalidCiphertextException', 'The ciphertext is not valid for this key and context.')
