/**
 * A bucket as its template defines it (AWS::S3::Bucket).
 * Does: versioning, encryption, lifecycle, CORS, EventBridge. Accepts and leaves to AWS: public access block, ownership
 * controls, access logs, tags. Refuses every other property by name.
 */
import { AwsError, type Resource } from '../service.ts'

export type LifecycleRule = {
  readonly prefix: string
  readonly expireDays: number | undefined
  readonly noncurrentDays: number | undefined
  readonly abortDays: number | undefined
  readonly expiredMarkers: boolean
}

export type CorsRule = {
  readonly origins: readonly string[]
  readonly methods: readonly string[]
  readonly headers: readonly string[]
  readonly exposed: readonly string[]
  readonly maxAgeS: number | undefined
}

export type Bucket = {
  readonly name: string
  readonly arn: string
  readonly versioned: boolean
  /** The KMS key of the default encryption; undefined for SSE-S3. */
  readonly keyArn: string | undefined
  readonly bucketKey: boolean
  readonly lifecycle: readonly LifecycleRule[]
  readonly cors: readonly CorsRule[]
  readonly eventBridge: boolean
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const bucketName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/

/** The bucket of a resource. Throws NotImplemented that names what is unknown. */
export function bucketOf(resource: Resource): Bucket {
  const where = `AWS::S3::Bucket ${resource.logicalId}`
  const properties = known(where, resource.properties, [
    'BucketName',
    'VersioningConfiguration',
    'BucketEncryption',
    'LifecycleConfiguration',
    'CorsConfiguration',
    'NotificationConfiguration',
    'PublicAccessBlockConfiguration',
    'OwnershipControls',
    'LoggingConfiguration',
    'Tags',
  ])
  if (!bucketName.test(resource.ref))
    throw new AwsError('InvalidBucketName', `${where}: ${resource.ref} is no bucket name`)
  const notification = known(where, properties.NotificationConfiguration, ['EventBridgeConfiguration'])
  return {
    name: resource.ref,
    arn: `arn:aws:s3:::${resource.ref}`,
    versioned: properties.VersioningConfiguration?.Status === 'Enabled',
    ...encryptionOf(where, properties.BucketEncryption),
    lifecycle: (properties.LifecycleConfiguration?.Rules ?? []).flatMap((rule: object) => lifecycleOf(where, rule)),
    cors: (properties.CorsConfiguration?.CorsRules ?? []).map((rule: object) => corsOf(where, rule)),
    eventBridge:
      notification.EventBridgeConfiguration !== undefined &&
      notification.EventBridgeConfiguration.EventBridgeEnabled !== false,
  }
}

// biome-ignore lint/suspicious/noExplicitAny: properties have the shape of their CloudFormation type
type Properties = any

function known(where: string, properties: Properties, names: readonly string[]): Properties {
  const unknown = Object.keys(properties ?? {}).find((name) => !names.includes(name))
  if (unknown === undefined) return properties ?? {}
  throw new AwsError('NotImplemented', `${where}: the property ${unknown} is not implemented`, 501)
}

function encryptionOf(where: string, encryption: Properties): { keyArn: string | undefined; bucketKey: boolean } {
  const rules = known(where, encryption, ['ServerSideEncryptionConfiguration']).ServerSideEncryptionConfiguration ?? []
  const rule = known(where, rules[0], ['ServerSideEncryptionByDefault', 'BucketKeyEnabled'])
  const byDefault = known(where, rule.ServerSideEncryptionByDefault, ['SSEAlgorithm', 'KMSMasterKeyID'])
  const algorithm = byDefault.SSEAlgorithm ?? 'AES256'
  if (
    !['AES256', 'aws:kms'].includes(algorithm) ||
    (algorithm === 'aws:kms' && byDefault.KMSMasterKeyID === undefined)
  ) {
    throw new AwsError(
      'NotImplemented',
      `${where}: SSEAlgorithm ${algorithm} without a key of its own is not implemented`,
      501,
    )
  }
  return { keyArn: byDefault.KMSMasterKeyID, bucketKey: rule.BucketKeyEnabled === true }
}

function lifecycleOf(where: string, properties: Properties): LifecycleRule[] {
  const rule = known(`${where} lifecycle`, properties, [
    'Id',
    'Status',
    'Prefix',
    'ExpirationInDays',
    'NoncurrentVersionExpiration',
    'NoncurrentVersionExpirationInDays',
    'AbortIncompleteMultipartUpload',
    'ExpiredObjectDeleteMarker',
  ])
  if (rule.Status !== 'Enabled') return []
  const noncurrent = known(`${where} lifecycle`, rule.NoncurrentVersionExpiration, ['NoncurrentDays'])
  return [
    {
      prefix: rule.Prefix ?? '',
      expireDays: rule.ExpirationInDays,
      noncurrentDays: noncurrent.NoncurrentDays ?? rule.NoncurrentVersionExpirationInDays,
      abortDays: rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation,
      expiredMarkers: rule.ExpiredObjectDeleteMarker === true,
    },
  ]
}

function corsOf(where: string, properties: Properties): CorsRule {
  const rule = known(`${where} CORS`, properties, [
    'Id',
    'AllowedHeaders',
    'AllowedMethods',
    'AllowedOrigins',
    'ExposedHeaders',
    'MaxAge',
  ])
  return {
    origins: rule.AllowedOrigins,
    methods: rule.AllowedMethods,
    headers: rule.AllowedHeaders ?? [],
    exposed: rule.ExposedHeaders ?? [],
    maxAgeS: rule.MaxAge,
  }
}
