import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { S3Client } from '@aws-sdk/client-s3'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { putArtifact } from '../../adapters/artifacts.ts'
import { publishVersion } from '../../adapters/versions.ts'
import { makeOwnerKey } from '../../adapters/wiring-owner-key.ts'
import { synthesise } from '../../cli/start/synthesise.ts'
import { createConsumer, createKey, setPrice } from '../../client/billing.ts'
import { connect } from '../../client/client.ts'
import { inspectOnnx } from '../../src/onnx/inspect.ts'
import type { EnvironmentFacts, ServiceFacts } from './child.ts'

/** The whole local service in a process of its own, with a consumer who may call everything. */
export type Service = {
  readonly url: string
  readonly pid: number
  readonly consumerKey: string
  /** Stores a model of any size as its first version, live at once. */
  readonly publish: (model: string, file: Uint8Array) => Promise<void>
  /** Price of a row of a model, in the deployment's currency. */
  readonly priceRow: (model: string, amount: string) => Promise<void>
  readonly environments: () => Promise<EnvironmentFacts>
  readonly close: () => Promise<void>
}

const childFile = join(import.meta.dirname, 'child.ts')

const publisher =
  ({ awsEndpoint, s3Endpoint, adminCredentials, region, outputs }: ServiceFacts): Service['publish'] =>
  async (model, file) => {
    const shared = { credentials: adminCredentials, region }
    const dynamo = new DynamoDBClient({ ...shared, endpoint: awsEndpoint })
    const objects = new S3Client({ ...shared, endpoint: s3Endpoint, forcePathStyle: true })
    try {
      const documents = DynamoDBDocumentClient.from(dynamo, { marshallOptions: { removeUndefinedValues: true } })
      const digest = await putArtifact({ objects, bucket: outputs.ArtifactsBucket ?? '' })(file)
      const draft = { model, digest, sizeBytes: file.length, signature: inspectOnnx(file).signature }
      const registry = { documents, table: outputs.RegistryTable ?? '' }
      await publishVersion(registry)({ draft, publishedBy: 'bench', nowMs: Date.now() })
    } finally {
      dynamo.destroy()
      objects.destroy()
    }
  }

const consumer = 'bench'

/** Builds, synthesises and starts the service over an empty data folder. */
export const startService = async (): Promise<Service> => {
  const folder = mkdtempSync(join(tmpdir(), 'percall-bench-'))
  const assembly = await synthesise(folder)
  const child = fork(childFile, [assembly, join(folder, 'data')], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const [facts] = (await once(child, 'message')) as [ServiceFacts] // what child.ts says first
  const { url, awsEndpoint, adminCredentials, region, outputs } = facts
  const place = { registryTable: outputs.RegistryTable ?? '', keyArn: outputs.KeyArn ?? '' }
  const { secret } = await makeOwnerKey(place, 'bench', {
    endpoint: awsEndpoint,
    region,
    credentials: adminCredentials,
  })
  const owner = connect({ url, key: secret })
  await createConsumer(owner, { id: consumer, grants: ['*'] })
  const { secret: consumerKey } = await createKey(owner, consumer, { name: 'bench' })
  return {
    url,
    pid: child.pid ?? 0,
    consumerKey,
    publish: publisher(facts),
    priceRow: async (model, amount) => void (await setPrice(owner, model, { unit: 'row', amount })),
    environments: async () => {
      child.send('environments')
      const [environments] = (await once(child, 'message')) as [EnvironmentFacts] // child.ts answers nothing else
      return environments
    },
    close: async () => {
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
