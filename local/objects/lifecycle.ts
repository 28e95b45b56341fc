/**
 * Expiry by age. Does: current versions, noncurrent versions, lone delete markers, unfinished uploads.
 * Does not: wait for midnight UTC as AWS does, transitions between storage classes.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
import type { Bucket, LifecycleRule } from './bucket.ts'
import type { Version } from './catalog.ts'
import type { Cause } from './events.ts'
import { dropUpload } from './multipart.ts'
import type { Shelf } from './shelf.ts'

const dayMs = 86_400_000
const cause: Cause = { reason: 'Lifecycle Expiration' }

/** Removes what the bucket's rules say is too old. */
export function expire(shelf: Shelf, bucket: Bucket): void {
  for (const rule of bucket.lifecycle) {
    const older = (sinceMs: number, days: number | undefined) =>
      days !== undefined && shelf.now() - sinceMs >= days * dayMs
    for (const versions of byKey(shelf, bucket, rule)) expireKey(shelf, bucket, rule, versions, older)
    for (const upload of shelf.catalog.uploads(bucket.name)) {
      if (upload.key.startsWith(rule.prefix) && older(upload.startedMs, rule.abortDays)) dropUpload(shelf, upload)
    }
  }
}

type Older = (sinceMs: number, days: number | undefined) => boolean

function expireKey(
  shelf: Shelf,
  bucket: Bucket,
  rule: LifecycleRule,
  versions: readonly Version[],
  older: Older,
): void {
  const [latest, ...noncurrent] = versions
  // A version is noncurrent since the next newer one was made.
  const expired = noncurrent.filter((_, index) => older(versions[index]!.modifiedMs, rule.noncurrentDays))
  for (const { key, version } of expired) shelf.remove(bucket, key, version, cause)
  if (!latest) return
  const alone = expired.length === noncurrent.length
  if (latest.marker && alone && (rule.expiredMarkers || older(latest.modifiedMs, rule.expireDays))) {
    shelf.remove(bucket, latest.key, latest.version, cause)
  }
  if (!latest.marker && older(latest.modifiedMs, rule.expireDays)) shelf.remove(bucket, latest.key, undefined, cause)
}

function byKey(shelf: Shelf, bucket: Bucket, { prefix }: LifecycleRule): Version[][] {
  const keys = new Map<string, Version[]>()
  for (const version of shelf.catalog.versions(bucket.name, prefix)) {
    if (!version.key.startsWith(prefix)) break
    keys.set(version.key, [...(keys.get(version.key) ?? []), version])
  }
  return [...keys.values()]
}
