import { PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3'

type Bucket = { readonly objects: S3Client; readonly bucket: string }

const preconditionFailed = 412

/** Puts an object unless one is there, which stays as it is; true when it was put. */
export const putIfAbsent = async (
  { objects, bucket }: Bucket,
  key: string,
  body: string | Uint8Array,
  metadata?: Readonly<Record<string, string>>,
): Promise<boolean> => {
  const put = { Bucket: bucket, Key: key, Body: body, IfNoneMatch: '*', ...(metadata && { Metadata: { ...metadata } }) }
  try {
    await objects.send(new PutObjectCommand(put))
    return true
  } catch (thrown) {
    if (thrown instanceof S3ServiceException && thrown.$metadata.httpStatusCode === preconditionFailed) return false
    throw thrown
  }
}
