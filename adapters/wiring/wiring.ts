import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import { S3Client } from '@aws-sdk/client-s3'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Artifacts } from '../aws/artifacts.ts'
import type { Table } from '../aws/table.ts'

/**
 * Reads the environment and makes each SDK client once, on first use.
 * predict.ts and control.ts beside it build the ports of one handler from it, so that a bundle holds what it needs.
 */
export const once = <Value>(make: () => Value): (() => Value) => {
  let value: Value | undefined
  return () => {
    value ??= make()
    return value
  }
}

/** A variable of docs/architecture.md. Throws when the function was deployed without it. */
export const setting = (name: `PERCALL_${string}`): string => {
  const value = process.env[name]
  if (!value) throw new Error(`environment variable ${name}: expected a value, got none`)
  return value
}

export const settingOr = (name: `PERCALL_${string}`, otherwise: string): string => process.env[name] || otherwise

/** A job is told its memory; Lambda tells it always; one core's worth is assumed where a handler runs outside of both. */
export const functionMemoryMb = (): number =>
  Number(process.env.PERCALL_JOB_MEMORY_MB || process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE || 1769)

/** Processors that a job was given; undefined in a function, whose memory tells them. */
export const jobVcpus = (): number | undefined => Number(process.env.PERCALL_JOB_VCPUS) || undefined

export const documents = once(() =>
  DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions: { removeUndefinedValues: true } }),
)

// The default signs the checksum of an empty body into presigned uploads, and S3 then refuses the upload.
export const objects = once(() => new S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED' }))

export const kms = once(() => new KMSClient({}))

export const registry = once((): Table => ({ documents: documents(), table: setting('PERCALL_REGISTRY_TABLE') }))

// An artifact is checked against its own sha256 (17 ms for 30 MB); the SDK's check of a CRC costs 110 to 140 ms more.
const artifactObjects = once(
  () => new S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' }),
)

export const artifacts = once(
  (): Artifacts => ({ objects: artifactObjects(), bucket: setting('PERCALL_ARTIFACTS_BUCKET') }),
)
