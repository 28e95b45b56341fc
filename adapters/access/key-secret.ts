import { createHmac } from 'node:crypto'
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms'
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import type { KeyMac } from '../../src/access/key.ts'
import { PercallError } from '../../src/errors.ts'
import { schema, type Table } from '../aws/table.ts'

export type SecretPlace = { readonly registry: Table; readonly kms: KMSClient; readonly keyArn: string }

const place = { pk: 'SECRET', sk: 'keys' }
// Bound into the ciphertext: it opens as this secret of this table only.
const contextOf = ({ table }: Table) => ({ purpose: 'percall-keys', table })
const secretBytes = 32

const readCiphertext = async ({ documents, table }: Table): Promise<Uint8Array | undefined> => {
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key: place, ConsistentRead: true }))
  // Written below, by this file only.
  return Item?.ciphertext as Uint8Array | undefined
}

/** Makes the deployment's secret if there is none; of two that race one wins. Only whoever makes owner keys may do it. */
export const makeSecret = async ({ registry, kms, keyArn }: SecretPlace): Promise<void> => {
  if (await readCiphertext(registry)) return
  const request = { KeyId: keyArn, NumberOfBytes: secretBytes, EncryptionContext: contextOf(registry) }
  const { CiphertextBlob } = await kms.send(new GenerateDataKeyCommand(request))
  const put = new PutCommand({
    TableName: registry.table,
    Item: { ...place, schema, ciphertext: CiphertextBlob },
    ConditionExpression: 'attribute_not_exists(pk)',
  })
  await registry.documents.send(put).catch((thrown) => {
    if (!(thrown instanceof ConditionalCheckFailedException)) throw thrown
  })
}

const load = async (secret: SecretPlace): Promise<KeyMac> => {
  const CiphertextBlob = await readCiphertext(secret.registry)
  if (!CiphertextBlob) throw new PercallError('KEY_UNKNOWN', 'key: expected one of this deployment, it has none yet')
  const EncryptionContext = contextOf(secret.registry)
  const { Plaintext } = await secret.kms.send(
    new DecryptCommand({ KeyId: secret.keyArn, CiphertextBlob, EncryptionContext }),
  )
  if (!Plaintext) throw new Error('deployment secret: expected KMS to decrypt it, got nothing')
  return (text) => createHmac('sha256', Plaintext).update(text).digest()
}

/** The keyed digest of this deployment. Starts to load at once, in INIT; a load that failed is repeated by the next call. */
export const keyMac = (secret: SecretPlace): (() => Promise<KeyMac>) => {
  let loading: Promise<KeyMac> | undefined
  const mac = (): Promise<KeyMac> => {
    loading ??= load(secret).catch((thrown) => {
      loading = undefined
      throw thrown
    })
    return loading
  }
  // The caller that awaits it meets the failure.
  mac().catch(() => undefined)
  return mac
}
