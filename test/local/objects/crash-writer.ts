/** Writes objects without end and prints each key once it was acknowledged; the test kills it. */
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { startS3 } from './server.ts'

const local = await startS3(process.argv[2])
for (let n = 0; ; n++) {
  const key = `${process.argv[3]}-${n}`
  await local.s3.send(new PutObjectCommand({ Bucket: 'plain', Key: key, Body: Buffer.alloc(200_000, key) }))
  process.stdout.write(`${key}\n`)
}
