import { GetObjectCommand, PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3'

/** Short forms of requests to the bucket `plain`. */
export const plainBucket = (s3: S3Client) => {
  const put = (Key: string, Body: string | Uint8Array = 'text', more: object = {}) =>
    s3.send(new PutObjectCommand({ Bucket: 'plain', Key, Body, ...more }))
  const get = (Key: string, more: object = {}) => s3.send(new GetObjectCommand({ Bucket: 'plain', Key, ...more }))
  const text = async (Key: string, more: object = {}) => (await get(Key, more)).Body!.transformToString()
  return { put, get, text }
}

/** `412 PreconditionFailed`, or `accepted`. */
export const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error) =>
      error instanceof S3ServiceException ? `${error.$metadata.httpStatusCode} ${error.name}` : String(error),
  )
