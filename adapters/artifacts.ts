import { createHash } from 'node:crypto'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  NotFound,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'

/** The bucket of immutable bytes under their sha256. */
export type Artifacts = { readonly objects: S3Client; readonly bucket: string }

export const artifactKey = (digest: string): string => `sha256/${digest}`

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const preconditionFailed = 412

/** Stores bytes under their digest and answers it; bytes that are there already stay as they are. */
export const putArtifact =
  ({ objects, bucket }: Artifacts) =>
  async (bytes: Uint8Array): Promise<string> => {
    const digest = sha256(bytes)
    const put = new PutObjectCommand({ Bucket: bucket, Key: artifactKey(digest), Body: bytes, IfNoneMatch: '*' })
    try {
      await objects.send(put)
    } catch (thrown) {
      // The key is the digest of the content: what is there already is the same.
      const isThere = thrown instanceof S3ServiceException && thrown.$metadata.httpStatusCode === preconditionFailed
      if (!isThere) throw thrown
    }
    return digest
  }

/** The whole bytes of a digest. */
export const readArtifact =
  ({ objects, bucket }: Artifacts) =>
  async (digest: string): Promise<Uint8Array> => {
    const { Body } = await objects.send(new GetObjectCommand({ Bucket: bucket, Key: artifactKey(digest) }))
    if (!Body) throw new Error(`artifact ${digest}: expected bytes, got an empty answer`)
    return Body.transformToByteArray()
  }

/** The S3 version of the stored object; null when there is none or the bucket keeps no versions. */
export const artifactVersion =
  ({ objects, bucket }: Artifacts) =>
  async (digest: string): Promise<string | null> => {
    try {
      const head = await objects.send(new HeadObjectCommand({ Bucket: bucket, Key: artifactKey(digest) }))
      return head.VersionId ?? null
    } catch (thrown) {
      if (thrown instanceof NotFound) return null
      throw thrown
    }
  }

/** Removes exactly one stored version of the object, so that a later upload of the same bytes stays. */
export const deleteArtifact =
  ({ objects, bucket }: Artifacts) =>
  async (digest: string, objectVersion: string | null): Promise<void> => {
    await objects.send(
      new DeleteObjectCommand({
        Bucket: bucket,
        Key: artifactKey(digest),
        ...(objectVersion !== null && { VersionId: objectVersion }),
      }),
    )
  }
