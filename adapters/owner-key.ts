import type { KMSClient } from '@aws-sdk/client-kms'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { ownerId } from '../src/consumer.ts'
import { putConsumer } from './consumers.ts'
import { keyMac, makeSecret } from './key-secret.ts'
import { createKey } from './keys.ts'

export type OwnerKeyPlace = {
  readonly registryTable: string
  readonly keyArn: string
  readonly documents: DynamoDBDocumentClient
  readonly kms: KMSClient
  readonly nowMs: () => number
}

/** Makes an owner key with AWS credentials, and the built-in consumer `owner` and the deployment's secret if they are not there. */
export const createOwnerKey = async (
  { registryTable, keyArn, documents, kms, nowMs }: OwnerKeyPlace,
  name?: string,
) => {
  const registry = { documents, table: registryTable }
  const createdAtMs = nowMs()
  await putConsumer(registry)({ id: ownerId, plan: 'postpaid', grants: ['*'], createdAtMs, revision: 1 })
  const secret = { registry, kms, keyArn }
  await makeSecret(secret)
  const create = createKey(registry, keyMac(secret))
  return await create({ consumerId: ownerId, createdAtMs, ...(name !== undefined && { name }) })
}
