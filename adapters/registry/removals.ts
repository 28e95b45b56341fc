import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { type Artifacts, artifactVersion, deleteArtifact, putArtifact, sha256 } from '../aws/artifacts.ts'
import type { Table } from '../aws/table.ts'
import { digestKey } from './versions.ts'

export type Places = { readonly registry: Table; readonly artifacts: Artifacts }

const ifStill = async (write: Promise<unknown>): Promise<boolean> => {
  try {
    await write
    return true
  } catch (thrown) {
    if (thrown instanceof ConditionalCheckFailedException) return false
    throw thrown
  }
}

/** Ends a removal that has begun, by whoever meets it: the deletion names one S3 version, so doing it twice is harmless. */
export const completeRemoval =
  ({ registry: { documents, table }, artifacts }: Places) =>
  async (digest: string): Promise<void> => {
    const Key = digestKey(digest)
    const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }))
    if (Item?.removing === undefined) return
    const { removing } = Item as { readonly removing: string | null }
    await deleteArtifact(artifacts)(digest, removing)
    await ifStill(
      documents.send(
        new DeleteCommand({
          TableName: table,
          Key,
          ConditionExpression: 'removing = :removing',
          ExpressionAttributeValues: { ':removing': removing },
        }),
      ),
    )
  }

/** Removes the bytes of a digest unless a version needs them (again). */
export const removeArtifact =
  (places: Places) =>
  async (digest: string): Promise<void> => {
    const { documents, table } = places.registry
    const objectVersion = await artifactVersion(places.artifacts)(digest)
    // Another removal of the same bytes has been here.
    if (objectVersion === undefined) return completeRemoval(places)(digest)
    const begin = new UpdateCommand({
      TableName: table,
      Key: digestKey(digest),
      UpdateExpression: 'SET removing = :objectVersion',
      ConditionExpression: '#count = :none AND attribute_not_exists(removing)',
      ExpressionAttributeNames: { '#count': 'count' },
      ExpressionAttributeValues: { ':none': 0, ':objectVersion': objectVersion },
    })
    await ifStill(documents.send(begin))
    await completeRemoval(places)(digest)
  }

/** Stores bytes for a version to come; ends their removal first where one was left half done. */
export const storeArtifact =
  (places: Places) =>
  async (bytes: Uint8Array): Promise<string> => {
    await completeRemoval(places)(sha256(bytes))
    return putArtifact(places.artifacts)(bytes)
  }
