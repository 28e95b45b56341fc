/** An S3 server of ours with two callers, for the contract tables. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { listen } from '../../../local/listen.ts'
import { createObjects } from '../../../local/objects/objects.ts'
import { AwsError, type Caller, type PutEvent, type Resource } from '../../../local/service.ts'

export const keyArn = 'arn:aws:kms:us-east-1:000000000000:key/k1'
const roleArn = 'arn:aws:iam::000000000000:role/reader'

export const bucket = (name: string, properties: object = {}): Resource => ({
  stack: 'Test',
  logicalId: name,
  type: 'AWS::S3::Bucket',
  ref: name,
  attributes: { Arn: `arn:aws:s3:::${name}` },
  properties,
})

/** `denied` are the actions that the role `reader` lacks; the machine's owner may do everything. */
export async function startS3(folder = mkdtempSync(join(tmpdir(), 'objects-')), denied: readonly string[] = []) {
  const events: Parameters<PutEvent>[0][] = []
  const asked: string[] = []
  const clock = { offsetMs: 0 }
  const check = (caller: Caller, action: string, resource: string, context: object = {}) => {
    asked.push(`${action} ${resource} ${JSON.stringify(context)}`)
    if (caller.kind === 'role' && denied.includes(action))
      throw new AwsError('AccessDeniedException', `${action} on ${resource}`, 400)
  }
  const objects = createObjects({
    folder,
    now: () => Date.now() + clock.offsetMs,
    authorize: check,
    useKey: (caller, action, arn, viaService) => check(caller, action, arn, { 'kms:ViaService': viaService }),
    putEvent: (event) => void events.push(event),
    secretOf: (id) => ({ OWNER: 'owner-secret', READER: 'reader-secret' })[id],
    callerOf: (id) => (id === 'OWNER' ? { kind: 'admin' } : { kind: 'role', roleArn }),
  })
  objects.addBucket(bucket('plain'))
  objects.addBucket(bucket('versioned', { VersioningConfiguration: { Status: 'Enabled' } }))
  const server = createServer((message, response) => void objects.handler(message, response))
  const port = await listen(server, 0)
  const endpoint = `http://127.0.0.1:${port}`
  const client = (id: 'OWNER' | 'READER' = 'OWNER', more: S3ClientConfig = {}) =>
    new S3Client({
      region: 'us-east-1',
      endpoint,
      forcePathStyle: true,
      maxAttempts: 1,
      credentials: { accessKeyId: id, secretAccessKey: `${id.toLowerCase()}-secret` },
      ...more,
    })
  const stop = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    objects.close()
  }
  const close = async () => {
    await stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return { endpoint, folder, objects, events, asked, clock, client, s3: client(), stop, close }
}
