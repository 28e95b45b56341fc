import { S3Client } from '@aws-sdk/client-s3'
import { storeArtifact } from '../../adapters/registry/removals.ts'
import { publishVersion } from '../../adapters/registry/versions.ts'
import { inspectOnnx } from '../../src/onnx/inspect.ts'
import { trainOn } from '../fixtures/learning.ts'
import type { Stack } from '../stack/stack.ts'

const table = {
  names: ['size', 'colour', 'day', 'price'],
  columns: [
    ['1.5', '2.5', '3.5', '4.5', '5.5', '6.5'],
    ['red', 'blue', 'red', 'green', 'blue', 'red'],
    ['2026-01-01', '2026-02-01', '2026-03-01', '2026-04-01', '2026-05-01', '2026-06-01'],
    ['10.5', '20.25', '31', '40', '52', '60'],
  ],
}

/** A small model that was trained on columns, put where a run's Register state puts it; its version is 1. */
export const publishTrained = async ({ running, documents }: Stack, model: string): Promise<void> => {
  const { RegistryTable = '', ArtifactsBucket = '' } = running.outputs.PercallService ?? {}
  const { s3Endpoint: endpoint, adminCredentials: credentials, region } = running
  const objects = new S3Client({ endpoint, credentials, region, requestChecksumCalculation: 'WHEN_REQUIRED' })
  const registry = { documents, table: RegistryTable }
  const store = storeArtifact({ registry, artifacts: { objects, bucket: ArtifactsBucket } })
  const { bytes, manifest } = await trainOn(table, { target: 'price', algorithm: 'linear' })
  const [digest, manifestDigest] = [await store(bytes), await store(Buffer.from(JSON.stringify(manifest)))]
  const draft = { model, digest, manifestDigest, sizeBytes: bytes.length, signature: inspectOnnx(bytes).signature }
  await publishVersion(registry)({ draft, publishedBy: 'test', nowMs: Date.now() })
  objects.destroy()
}
