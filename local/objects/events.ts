/**
 * The events that S3 puts on the bus.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
import { account, type Caller, type PutEvent } from '../service.ts'
import type { Bucket } from './bucket.ts'
import type { Version } from './catalog.ts'

type Event = Parameters<PutEvent>[0]

/** Why an object changed; `request` is absent for what the bucket does itself. */
export type Cause = {
  readonly reason: 'PutObject' | 'CopyObject' | 'CompleteMultipartUpload' | 'DeleteObject' | 'Lifecycle Expiration'
  readonly request?: { readonly id: string }
  readonly caller?: Caller
}

export const createdEvent = (bucket: Bucket, made: Version, cause: Cause): Event =>
  event(bucket, 'Object Created', cause, {
    ...objectOf(made),
    size: made.sizeBytes,
    etag: made.etag,
  })

export const deletedEvent = (bucket: Bucket, changed: Version, cause: Cause, byMarker: boolean): Event =>
  event(bucket, 'Object Deleted', cause, objectOf(changed), {
    'deletion-type': byMarker ? 'Delete Marker Created' : 'Permanently Deleted',
  })

const objectOf = ({ key, version, seq }: Version) => ({
  key,
  ...(version !== 'null' && { 'version-id': version }),
  sequencer: seq.toString(16).toUpperCase().padStart(18, '0'),
})

function event(bucket: Bucket, type: string, cause: Cause, object: object, more: object = {}): Event {
  return {
    source: 'aws.s3',
    'detail-type': type,
    resources: [bucket.arn],
    detail: {
      version: '0',
      bucket: { name: bucket.name },
      object,
      ...(cause.request && { 'request-id': cause.request.id, 'source-ip-address': '127.0.0.1' }),
      requester: cause.request ? account : 's3.amazonaws.com',
      reason: cause.reason,
      ...more,
    },
  }
}
