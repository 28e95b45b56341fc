import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import type { DataBucket } from '../datasets/uploads.ts'
import type { StoredFile } from '../frames/frames.ts'

/** S3 copies parts side by side, 5 GB at most each: https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html */
const partBytes = 128 * 1024 * 1024

/** Copies an object inside its bucket; no byte of it passes through this process. */
export const copyObject =
  ({ objects, bucket }: DataBucket) =>
  async ({ key, versionId }: StoredFile, sizeBytes: number, to: string): Promise<void> => {
    const place = { Bucket: bucket, Key: to }
    const version = versionId === undefined ? '' : `?versionId=${encodeURIComponent(versionId)}`
    const CopySource = `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}${version}`
    const { UploadId } = await objects.send(new CreateMultipartUploadCommand(place))
    const copyPart = async (from: number, part: number) => {
      const CopySourceRange = `bytes=${from}-${Math.min(from + partBytes, sizeBytes) - 1}`
      const { CopyPartResult } = await objects.send(
        new UploadPartCopyCommand({ ...place, UploadId, PartNumber: part + 1, CopySource, CopySourceRange }),
      )
      return { PartNumber: part + 1, ETag: CopyPartResult?.ETag }
    }
    try {
      const count = Math.ceil(sizeBytes / partBytes)
      const Parts = await Promise.all(Array.from({ length: count }, (_, part) => copyPart(part * partBytes, part)))
      await objects.send(new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload: { Parts } }))
    } catch (thrown) {
      await objects.send(new AbortMultipartUploadCommand({ ...place, UploadId })).catch(() => undefined)
      throw thrown
    }
  }
