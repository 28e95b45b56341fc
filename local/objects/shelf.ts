/**
 * The buckets with their catalog and files: every write and removal goes through here, once, with its event.
 */
import { type Authorize, AwsError, type PutEvent, type UseKey } from '../service.ts'
import type { Blobs } from './blobs.ts'
import type { Bucket } from './bucket.ts'
import type { Catalog, Stored, Version } from './catalog.ts'
import { checkWrite } from './conditions.ts'
import { type Cause, createdEvent, deletedEvent } from './events.ts'
import type { Headers } from './request.ts'

export type Shelf = {
  readonly catalog: Catalog
  readonly blobs: Blobs
  readonly authorize: Authorize
  readonly useKey: UseKey
  readonly now: () => number
  /** Throws NoSuchBucket. */
  readonly bucket: (name: string) => Bucket
  /**
   * Makes a version from files that are on the disk, if the conditions of `headers` allow it; else removes the files.
   * With `uploadId` it ends that upload with the write; refused, the files stay the upload's parts.
   */
  readonly commit: (
    bucket: Bucket,
    key: string,
    stored: Stored,
    cause: Cause,
    headers: Headers,
    uploadId?: string,
  ) => Version
  /** Removes a version, or puts a delete marker. */
  readonly remove: (
    bucket: Bucket,
    key: string,
    versionId: string | undefined,
    cause: Cause,
  ) => { marker: boolean; version?: string }
  /** Puts the events that a kill left behind. */
  readonly putPendingEvents: () => void
}

type Deps = {
  catalog: Catalog
  blobs: Blobs
  authorize: Authorize
  useKey: UseKey
  putEvent: PutEvent
  now: () => number
}

export function createShelf(buckets: ReadonlyMap<string, Bucket>, deps: Deps): Shelf {
  const { catalog, blobs, authorize, useKey, now } = deps

  // The event is committed with its write, so that a kill between the two cannot lose it; it may come twice, as on AWS.
  let putting = false
  function putPendingEvents(): void {
    if (putting) return
    putting = true
    try {
      for (const { id, event } of catalog.events()) {
        deps.putEvent(event)
        catalog.removeEvent(id)
      }
    } finally {
      putting = false
    }
  }

  function orRemoved<T>(stored: Stored, uploadId: string | undefined, write: () => T): T {
    try {
      return write()
    } catch (error) {
      if (uploadId === undefined) blobs.remove(stored.pieces)
      throw error
    }
  }

  return {
    catalog,
    blobs,
    authorize,
    useKey,
    now,
    bucket: (name) => {
      const bucket = buckets.get(name)
      if (!bucket) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name })
      return bucket
    },
    commit: (bucket, key, stored, cause, headers, uploadId) => {
      const { made, replaced } = orRemoved(stored, uploadId, () =>
        catalog.inOneTransaction(() => {
          const present = catalog.find(bucket.name, key)
          checkWrite(headers, present?.marker ? undefined : present)
          const result = catalog.put(bucket.name, key, bucket.versioned, stored)
          if (bucket.eventBridge) catalog.addEvent(createdEvent(bucket, result.made, cause))
          if (uploadId !== undefined) catalog.endUpload(uploadId)
          return result
        }),
      )
      if (replaced) blobs.remove(replaced.pieces)
      putPendingEvents()
      return made
    },
    remove: (bucket, key, versionId, cause) => {
      const { gone, marker } = catalog.inOneTransaction(() => {
        const found = catalog.find(bucket.name, key, versionId ?? (bucket.versioned ? undefined : 'null'))
        const hides = bucket.versioned && versionId === undefined
        const made = hides ? catalog.put(bucket.name, key, true, undefined).made : undefined
        if (!hides && found) catalog.removeVersion(found)
        const changed = made ?? found
        if (bucket.eventBridge && changed) catalog.addEvent(deletedEvent(bucket, changed, cause, made !== undefined))
        return { gone: hides ? undefined : found, marker: made }
      })
      if (gone) blobs.remove(gone.pieces)
      putPendingEvents()
      if (marker) return { marker: true, version: marker.version }
      return { marker: gone?.marker ?? false, ...(versionId !== undefined && { version: versionId }) }
    },
    putPendingEvents,
  }
}
