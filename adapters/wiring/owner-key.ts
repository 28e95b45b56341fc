import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createOwnerKey } from '../access/owner-key.ts'

/** Where the keys of a deployment lie: outputs of its Service stack. */
export type KeyPlace = { readonly registryTable: string; readonly keyArn: string }

/** What an SDK client is made with; the AWS environment where absent. */
export type SdkOptions = {
  readonly endpoint?: string
  readonly region?: string
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/** Makes an owner key with AWS credentials. */
export const makeOwnerKey = async (
  place: KeyPlace,
  name?: string,
  sdk: SdkOptions = {},
): Promise<{ readonly id: string; readonly secret: string }> => {
  const dynamo = new DynamoDBClient(sdk)
  const kms = new KMSClient(sdk)
  try {
    const documents = DynamoDBDocumentClient.from(dynamo, { marshallOptions: { removeUndefinedValues: true } })
    return await createOwnerKey({ ...place, documents, kms, nowMs: () => Date.now() }, name)
  } finally {
    dynamo.destroy()
    kms.destroy()
  }
}
