import { GetObjectCommand } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { type Artifacts, artifactKey } from '../aws/artifacts.ts'

const linkLifeSeconds = 900

/** A presigned GET of a digest that saves as `fileName`; it holds for 15 minutes. */
export const artifactLink =
  ({ objects, bucket }: Artifacts) =>
  (digest: string, fileName: string): Promise<string> =>
    getSignedUrl(
      objects,
      new GetObjectCommand({
        Bucket: bucket,
        Key: artifactKey(digest),
        ResponseContentDisposition: `attachment; filename="${fileName}"`,
      }),
      { expiresIn: linkLifeSeconds },
    )
