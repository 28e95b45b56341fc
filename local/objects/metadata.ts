/**
 * The headers that S3 keeps with an object, and those that it shows.
 */
import { AwsError } from '../service.ts'
import type { Version } from './catalog.ts'

type Headers = Readonly<Record<string, string>>

const kept = ['content-type', 'cache-control', 'content-disposition', 'content-encoding', 'content-language', 'expires']
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html */
const largestUserMetadataBytes = 2048

/** Content headers and user metadata of an upload. Throws MetadataTooLarge. */
export function contentHeaders(headers: Headers): Headers {
  const user = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-'))
  const sizeBytes = user.reduce((sum, [name, value]) => sum + name.length - 'x-amz-meta-'.length + value.length, 0)
  if (sizeBytes > largestUserMetadataBytes) {
    throw new AwsError('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', 400, {
      Size: sizeBytes,
      MaxSizeAllowed: largestUserMetadataBytes,
    })
  }
  const encoding = (headers['content-encoding'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'aws-chunked')
    .join(',')
  return {
    'content-type': 'binary/octet-stream',
    ...Object.fromEntries(
      Object.entries(headers).filter(([name]) => kept.includes(name) && name !== 'content-encoding'),
    ),
    ...(encoding !== '' && { 'content-encoding': encoding }),
    ...Object.fromEntries(user),
  }
}

export const versionHeaders = ({ version }: Version): Headers =>
  version === 'null' ? {} : { 'x-amz-version-id': version }

export const encryptionHeaders = ({ keyArn, bucketKey }: { keyArn?: string; bucketKey?: boolean }): Headers =>
  keyArn === undefined
    ? { 'x-amz-server-side-encryption': 'AES256' }
    : {
        'x-amz-server-side-encryption': 'aws:kms',
        'x-amz-server-side-encryption-aws-kms-key-id': keyArn,
        ...(bucketKey && { 'x-amz-server-side-encryption-bucket-key-enabled': 'true' }),
      }
