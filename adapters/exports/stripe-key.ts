import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { DecryptCommand, GenerateDataKeyCommand } from '@aws-sdk/client-kms'
import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb'
import type { AuditRow } from '../../src/access/audit.ts'
import { auditPut } from '../access/audit.ts'
import type { SecretPlace } from '../access/key-secret.ts'
import { schema, type Table } from '../aws/table.ts'

const place = { pk: 'SECRET', sk: 'stripe' }
// Bound into the data key: it opens as this secret of this table only.
const contextOf = ({ table }: Table) => ({ purpose: 'percall-stripe', table })

const cipher = 'aes-256-gcm'
const ivBytes = 12

type Kept = {
  readonly dataKey: Uint8Array
  readonly iv: Uint8Array
  readonly text: Uint8Array
  readonly tag: Uint8Array
}

/** Keeps the key under a data key of the deployment's KMS key, with its row of the audit; nothing answers it again. */
export const putStripeKey =
  ({ registry, kms, keyArn }: SecretPlace) =>
  async (key: string, audit: AuditRow): Promise<void> => {
    const request = { KeyId: keyArn, KeySpec: 'AES_256', EncryptionContext: contextOf(registry) } as const
    const { Plaintext, CiphertextBlob } = await kms.send(new GenerateDataKeyCommand(request))
    if (!Plaintext || !CiphertextBlob) throw new Error('Stripe key: expected KMS to make a data key, got nothing')
    const iv = randomBytes(ivBytes)
    const cipherOf = createCipheriv(cipher, Plaintext, iv)
    const text = Buffer.concat([cipherOf.update(key, 'utf8'), cipherOf.final()])
    const kept: Kept = { dataKey: CiphertextBlob, iv, text, tag: cipherOf.getAuthTag() }
    const Put = { TableName: registry.table, Item: { ...place, schema, ...kept } }
    const TransactItems = [{ Put }, auditPut(registry.table, audit)]
    await registry.documents.send(new TransactWriteCommand({ TransactItems }))
  }

/** Throws where none was put. */
export const readStripeKey = async ({ registry, kms, keyArn }: SecretPlace): Promise<string> => {
  const { documents, table } = registry
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key: place, ConsistentRead: true }))
  if (!Item) throw new Error('Stripe key: expected one, got none; percall export stripe-key sets it')
  const { dataKey, iv, text, tag } = Item as unknown as Kept // written above, by this file only
  const { Plaintext } = await kms.send(
    new DecryptCommand({ KeyId: keyArn, CiphertextBlob: dataKey, EncryptionContext: contextOf(registry) }),
  )
  if (!Plaintext) throw new Error('Stripe key: expected KMS to decrypt its data key, got nothing')
  const decipher = createDecipheriv(cipher, Plaintext, iv)
  decipher.setAuthTag(tag)
  return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8')
}
