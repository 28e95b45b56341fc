/**
 * A key as DescribeKey shows it, and the specs of HMAC keys.
 */
import { account } from './service.ts'

export type Key = { id: string; arn: string; spec: string; usage: string; enabled: boolean; description: string }

/** Hash and material length by key spec: https://docs.aws.amazon.com/kms/latest/developerguide/hmac.html */
export const hmacSpecs: Readonly<Record<string, { hash: string; algorithm: string; bytes: number }>> = {
  HMAC_224: { hash: 'sha224', algorithm: 'HMAC_SHA_224', bytes: 28 },
  HMAC_256: { hash: 'sha256', algorithm: 'HMAC_SHA_256', bytes: 32 },
  HMAC_384: { hash: 'sha384', algorithm: 'HMAC_SHA_384', bytes: 48 },
  HMAC_512: { hash: 'sha512', algorithm: 'HMAC_SHA_512', bytes: 64 },
}

/** KeyMetadata of a key. */
export function metadata(key: Key) {
  return {
    AWSAccountId: account,
    KeyId: key.id,
    Arn: key.arn,
    Description: key.description,
    Enabled: key.enabled,
    KeyState: key.enabled ? 'Enabled' : 'Disabled',
    KeySpec: key.spec,
    KeyUsage: key.usage,
    KeyManager: 'CUSTOMER',
    Origin: 'AWS_KMS',
    MultiRegion: false,
    ...(hmacSpecs[key.spec]
      ? { MacAlgorithms: [hmacSpecs[key.spec]!.algorithm] }
      : { EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'] }),
  }
}
