import { AwsError, account, type Resource, region } from '../service.ts'
import { flag, listOf, needed, oneOf, optional, refused, struct, text } from './shape.ts'
import type { Table } from './table.ts'
import {
  accepted,
  attributeDefinitions,
  globalIndexes,
  indexOf,
  keySchema,
  keySchemaOf,
  localIndexes,
} from './table-parts.ts'

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html
const notHere = optional(refused('remove it from the template'))

const shared = {
  TableName: optional(text),
  AttributeDefinitions: needed(attributeDefinitions),
  KeySchema: needed(keySchema),
  GlobalSecondaryIndexes: optional(globalIndexes),
  LocalSecondaryIndexes: optional(localIndexes),
  BillingMode: optional(oneOf('PROVISIONED', 'PAY_PER_REQUEST')),
  // Streams are accepted, and carry nothing here: an event source mapping on one is for the runtime to refuse.
  StreamSpecification: optional(accepted),
  TimeToLiveSpecification: optional(struct({ AttributeName: optional(text), Enabled: needed(flag) })),
  WarmThroughput: optional(accepted),
} as const

const tableProperties = struct({
  ...shared,
  ContributorInsightsSpecification: optional(accepted),
  DeletionProtectionEnabled: optional(flag),
  OnDemandThroughput: optional(accepted),
  PointInTimeRecoverySpecification: optional(accepted),
  ProvisionedThroughput: optional(accepted),
  SSESpecification: optional(
    struct({ SSEEnabled: needed(flag), SSEType: optional(oneOf('KMS')), KMSMasterKeyId: optional(text) }),
  ),
  TableClass: optional(accepted),
  Tags: optional(accepted),
  ImportSourceSpecification: notHere,
  KinesisStreamSpecification: notHere,
  ResourcePolicy: notHere,
})

const replica = struct({
  Region: needed(text),
  ContributorInsightsSpecification: optional(accepted),
  DeletionProtectionEnabled: optional(flag),
  GlobalSecondaryIndexes: optional(accepted),
  PointInTimeRecoverySpecification: optional(accepted),
  ReadOnDemandThroughputSettings: optional(accepted),
  ReadProvisionedThroughputSettings: optional(accepted),
  SSESpecification: optional(struct({ KMSMasterKeyId: needed(text) })),
  TableClass: optional(accepted),
  Tags: optional(accepted),
  GlobalTableSettingsReplicationMode: notHere,
  KinesisStreamSpecification: notHere,
  ReplicaStreamSpecification: notHere,
  ResourcePolicy: notHere,
})

const globalTableProperties = struct({
  ...shared,
  Replicas: needed(listOf(replica, 1)),
  SSESpecification: optional(struct({ SSEEnabled: needed(flag), SSEType: optional(oneOf('KMS')) })),
  WriteOnDemandThroughputSettings: optional(accepted),
  WriteProvisionedThroughputSettings: optional(accepted),
  GlobalTableSourceArn: notHere,
  GlobalTableWitnesses: notHere,
  MultiRegionConsistency: notHere,
  ReadOnDemandThroughputSettings: optional(accepted),
  ReadProvisionedThroughputSettings: optional(accepted),
})

/** The table of a template's resource. Throws AwsError that names the resource and a property that is not known. */
export const tableOf = (resource: Resource): Table => {
  try {
    if (resource.type === 'AWS::DynamoDB::Table') return plainTable(resource)
    if (resource.type === 'AWS::DynamoDB::GlobalTable') return globalTable(resource)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    throw new AwsError(error.code, `${resource.stack}/${resource.logicalId}: ${error.message}`, error.status)
  }
  throw new AwsError('ValidationException', `${resource.logicalId}: expected a DynamoDB table, got ${resource.type}`)
}

const plainTable = ({ ref, properties }: Resource): Table => {
  const given = tableProperties(properties, '')
  const isEncrypted = given.SSESpecification?.SSEEnabled ?? false
  return common(ref, given, isEncrypted ? given.SSESpecification?.KMSMasterKeyId : undefined, [
    given.DeletionProtectionEnabled,
  ])
}

const globalTable = ({ ref, properties }: Resource): Table => {
  const given = globalTableProperties(properties, '')
  const elsewhere = given.Replicas.find(({ Region }) => Region !== region)
  if (elsewhere) {
    throw new AwsError('ValidationException', `replicas: expected ${region} alone, got ${elsewhere.Region}`)
  }
  const isEncrypted = given.SSESpecification?.SSEEnabled ?? false
  const keyId = given.Replicas[0]!.SSESpecification?.KMSMasterKeyId
  return common(
    ref,
    given,
    isEncrypted ? keyId : undefined,
    given.Replicas.map((each) => each.DeletionProtectionEnabled),
  )
}

type Shared = Pick<ReturnType<typeof tableProperties>, keyof typeof shared>

const common = (
  name: string,
  given: Shared,
  keyId: string | undefined,
  protections: readonly (boolean | undefined)[],
): Table => {
  const ttl = given.TimeToLiveSpecification
  const definitions = given.AttributeDefinitions
  return {
    name,
    key: keySchemaOf(given.KeySchema, definitions),
    indexes: [
      ...(given.GlobalSecondaryIndexes ?? []).map((index) => indexOf('global', index, definitions)),
      ...(given.LocalSecondaryIndexes ?? []).map((index) => indexOf('local', index, definitions)),
    ],
    ttlAttribute: ttl?.Enabled ? (ttl.AttributeName ?? null) : null,
    kmsKeyArn: keyId === undefined ? null : keyArn(keyId),
    billingMode: given.BillingMode ?? 'PROVISIONED',
    isProtected: protections.some((isProtected) => isProtected ?? false),
  }
}

const keyArn = (keyId: string): string => {
  if (keyId.startsWith('arn:')) return keyId
  if (!keyId.startsWith('alias/')) return `arn:aws:kms:${region}:${account}:key/${keyId}`
  throw new AwsError('ValidationException', `KMSMasterKeyId: expected a key's ARN or id, got ${keyId}`)
}
