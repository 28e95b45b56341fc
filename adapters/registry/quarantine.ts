import { createHash } from 'node:crypto'
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { type QuarantinedFile, quarantineKey } from '../../src/registry/registration.ts'
import { artifactKey } from '../aws/artifacts.ts'
import type { DataBucket } from '../datasets/uploads.ts'
import type { StoredFile } from '../frames/frames.ts'
import { completeRemoval, type Places } from './removals.ts'

const preconditionFailed = 412

// S3 wants the source as a path in percent-encoding: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
const copySource = (bucket: string, { key, versionId }: StoredFile): string =>
  `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}${versionId === undefined ? '' : `?versionId=${versionId}`}`

/** Puts a file of a registration where only its probe and its publication read. */
export const putQuarantined =
  ({ objects, bucket }: DataBucket) =>
  async (id: string, file: QuarantinedFile, bytes: Uint8Array | string): Promise<StoredFile> => {
    const key = quarantineKey(id, file)
    const { VersionId } = await objects.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }))
    return { key, ...(VersionId && { versionId: VersionId }) }
  }

/** Copies an upload, by its S3 version, into quarantine: inside S3, whatever its size. */
export const stageUpload =
  ({ objects, bucket }: DataBucket) =>
  async (id: string, upload: StoredFile): Promise<StoredFile> => {
    const key = quarantineKey(id, 'model.onnx')
    const copy = new CopyObjectCommand({ Bucket: bucket, Key: key, CopySource: copySource(bucket, upload) })
    const { VersionId } = await objects.send(copy)
    return { key, ...(VersionId && { versionId: VersionId }) }
  }

/** Copies a version's file into quarantine: inside S3, whatever its size. */
export const stageArtifact =
  ({ objects, bucket }: DataBucket, artifacts: Places['artifacts']) =>
  async (id: string, digest: string): Promise<StoredFile> => {
    const key = quarantineKey(id, 'model.onnx')
    const source = copySource(artifacts.bucket, { key: artifactKey(digest) })
    const { VersionId } = await objects.send(new CopyObjectCommand({ Bucket: bucket, Key: key, CopySource: source }))
    return { key, ...(VersionId && { versionId: VersionId }) }
  }

const bodyOf = async ({ objects, bucket }: DataBucket, { key, versionId }: StoredFile) => {
  const place = { Bucket: bucket, Key: key, ...(versionId && { VersionId: versionId }) }
  const { Body } = await objects.send(new GetObjectCommand(place))
  if (!Body) throw new Error(`object ${key}: expected bytes, got an empty answer`)
  return Body
}

/** sha256 and size of a stored file, read as a stream: the whole is never in memory. */
export const measureStored =
  (data: DataBucket) =>
  async (file: StoredFile): Promise<{ readonly digest: string; readonly sizeBytes: number }> => {
    const body = await bodyOf(data, file)
    const hash = createHash('sha256')
    let sizeBytes = 0
    // In Node the SDK's body is a stream of buffers.
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      hash.update(chunk)
      sizeBytes += chunk.length
    }
    return { digest: hash.digest('hex'), sizeBytes }
  }

export const readQuarantined =
  (data: DataBucket) =>
  async (id: string, file: QuarantinedFile): Promise<Uint8Array> =>
    (await bodyOf(data, { key: quarantineKey(id, file) })).transformToByteArray()

/** Copies a stored file of this digest among the artifacts, inside S3; ends a removal of the same bytes first. */
export const copyToArtifacts =
  (places: Places, data: DataBucket) =>
  async (file: StoredFile, digest: string): Promise<void> => {
    await completeRemoval(places)(digest)
    const { objects, bucket } = places.artifacts
    const copy = new CopyObjectCommand({
      Bucket: bucket,
      Key: artifactKey(digest),
      CopySource: copySource(data.bucket, file),
      IfNoneMatch: '*',
    })
    try {
      await objects.send(copy)
    } catch (thrown) {
      // The key is the digest of the content: what is there already is the same.
      const isThere = thrown instanceof S3ServiceException && thrown.$metadata.httpStatusCode === preconditionFailed
      if (!isThere) throw thrown
    }
  }

const files: readonly QuarantinedFile[] = [
  ...(['model.onnx', 'model.ort', 'rewritten.onnx', 'manifest.json'] as const),
  ...(['optimised.onnx', 'variants.json'] as const),
]

/** Removes what a registration left; the bucket's lifecycle removes what this does not reach, and the versions behind. */
export const discardQuarantine =
  ({ objects, bucket }: DataBucket) =>
  async (id: string): Promise<void> => {
    const remove = (file: QuarantinedFile) =>
      objects.send(new DeleteObjectCommand({ Bucket: bucket, Key: quarantineKey(id, file) }))
    await Promise.all(files.map(remove))
  }
