/**
 * The services as Step Functions' integrations call them, with the members of the AWS API.
 * Does not: listObjectsV2, and members of getObject and putObject beyond those below; each is refused by name.
 */
import type { Batch } from './batch/batch.ts'
import type { Bus } from './bus/bus.ts'
import type { Objects } from './objects/objects.ts'
import type { Queues } from './queues.ts'
import { AwsError, type Caller, type JsonService } from './service.ts'
import type { Members, Ports } from './states/integrations.ts'
import type { Tables } from './tables/tables.ts'

type Services = {
  readonly tables: Tables
  readonly objects: Objects
  readonly queues: Queues
  readonly bus: Bus
  readonly batch: Batch
}

/** The ports of createStates. */
export const integrationPorts = ({ tables, objects, queues, bus, batch }: Services): Ports => ({
  dynamodb: tables.run,
  getObject: async (caller, input) => {
    only(input, ['Bucket', 'Key', 'VersionId'])
    const { Bucket, Key, VersionId } = input
    const version = VersionId === undefined ? undefined : String(VersionId)
    const {
      body,
      etag,
      version: found,
      headers,
    } = await objects.getObject(caller, String(Bucket), String(Key), version)
    return {
      Body: body,
      ContentLength: body.length,
      ContentType: headers['content-type'],
      ETag: etag,
      VersionId: found,
    }
  },
  putObject: async (caller, input) => {
    only(input, ['Bucket', 'Key', 'Body', 'ContentType'])
    const { Bucket, Key, Body, ContentType } = input
    const type = ContentType === undefined ? undefined : String(ContentType)
    const { etag, version } = await objects.putObject(caller, String(Bucket), String(Key), Body, type)
    return { ETag: etag, VersionId: version }
  },
  listObjectsV2: async () => {
    throw new AwsError('NotImplemented', 'an ItemReader with s3:listObjectsV2 is not implemented', 501)
  },
  putEvents: (input, caller) => call(bus.service, 'PutEvents', input, caller),
  sendMessage: (input, caller) => call(queues.service, 'SendMessage', input, caller),
  submitBatchJob: batch.submitJob,
})

// The operations check the members themselves, as they do for input from the wire.
const call = (service: JsonService, operation: string, input: Members, caller: Caller) =>
  service.operations[operation]!(input as never, caller)

function only(input: Members, members: readonly string[]): void {
  const unknown = Object.keys(input).find((name) => !members.includes(name))
  if (unknown) throw new AwsError('NotImplemented', `the parameter ${unknown} is not implemented here`, 501)
}
