import { createHash } from 'node:crypto'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { PercallError } from '../../src/errors.ts'
import { putIfAbsent } from './put-if-absent.ts'

/** The bucket of immutable bytes under their sha256. */
export type Artifacts = { readonly objects: S3Client; readonly bucket: string }

export const artifactKey = (digest: string): string => `sha256/${digest}`

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Stores bytes under their digest and answers it. The key is the digest of the content: what is there already is the same. */
export const putArtifact =
  (artifacts: Artifacts) =>
  async (bytes: Uint8Array): Promise<string> => {
    const digest = sha256(bytes)
    await putIfAbsent(artifacts, artifactKey(digest), bytes)
    return digest
  }

/** Larger objects come in parts of this size side by side: one connection to S3 gives about 90 MB a second. */
const partBytes = 8 * 1024 * 1024

const bodyOf = async ({ objects, bucket }: Artifacts, digest: string, range?: string) => {
  const get = new GetObjectCommand({ Bucket: bucket, Key: artifactKey(digest), ...(range && { Range: range }) })
  const { Body } = await objects.send(get).catch((cause: unknown) => {
    if (!(cause instanceof NoSuchKey)) throw cause
    // An environment knows a version for some seconds after its removal.
    throw new PercallError('UNKNOWN_VERSION', `version: expected the bytes of ${digest}, they were removed`, {
      cause,
    })
  })
  if (!Body) throw new Error(`artifact ${digest}: expected bytes, got an empty answer`)
  return Body
}

const fill = async (artifacts: Artifacts, digest: string, part: Uint8Array, offset: number): Promise<void> => {
  const body = await bodyOf(artifacts, digest, `bytes=${offset}-${offset + part.length - 1}`)
  let filled = 0
  // In Node the SDK's body is a stream of buffers.
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    part.set(chunk, filled)
    filled += chunk.length
  }
  if (filled !== part.length)
    throw new Error(`artifact ${digest}: expected ${part.length} bytes at ${offset}, got ${filled}`)
}

/** All parts at once into one buffer; a part is hashed while those behind it are on their way. */
const readParts = async (artifacts: Artifacts, digest: string, sizeBytes: number) => {
  const bytes = new Uint8Array(sizeBytes)
  const parts = Array.from({ length: Math.ceil(sizeBytes / partBytes) }, (_, i) =>
    bytes.subarray(i * partBytes, (i + 1) * partBytes),
  )
  const filled = parts.map((part, i) => fill(artifacts, digest, part, i * partBytes))
  // The first failure is thrown below; those of the others would be nobody's.
  for (const part of filled) part.catch(() => undefined)
  const hash = createHash('sha256')
  for (const [i, part] of parts.entries()) {
    await filled[i]
    hash.update(part)
  }
  return { bytes, found: hash.digest('hex') }
}

const readWhole = async (artifacts: Artifacts, digest: string) => {
  const bytes = await (await bodyOf(artifacts, digest)).transformToByteArray()
  return { bytes, found: sha256(bytes) }
}

/**
 * The whole bytes of a digest; where their size is known, large ones come in parallel parts.
 * Throws UNKNOWN_VERSION when they were removed; an Error when something else lies there.
 */
export const readArtifact =
  (artifacts: Artifacts) =>
  async (digest: string, sizeBytes = 0): Promise<Uint8Array> => {
    const read = sizeBytes > partBytes ? readParts(artifacts, digest, sizeBytes) : readWhole(artifacts, digest)
    const { bytes, found } = await read
    if (found !== digest) throw new Error(`artifact ${digest}: expected bytes of this digest, got ${found}`)
    return bytes
  }

// Whoever may not list a bucket is not told what it lacks: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
const absentStatuses: readonly (number | undefined)[] = [403, 404]

/** The S3 version of the stored object; null when the bucket keeps no versions, undefined when there is no object. */
export const artifactVersion =
  ({ objects, bucket }: Artifacts) =>
  async (digest: string): Promise<string | null | undefined> => {
    try {
      const head = await objects.send(new HeadObjectCommand({ Bucket: bucket, Key: artifactKey(digest) }))
      return head.VersionId ?? null
    } catch (thrown) {
      if (thrown instanceof S3ServiceException && absentStatuses.includes(thrown.$metadata.httpStatusCode))
        return undefined
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
