import { GetObjectCommand } from '@aws-sdk/client-s3'
import { csvHeader } from '../../src/dataset/csv-header.ts'
import type { DataFormat } from '../../src/dataset/dataset.ts'
import { readJsonLine } from '../../src/dataset/json-lines.ts'
import { PercallError } from '../../src/errors.ts'
import { copyObject } from '../aws/copy-object.ts'
import type { Table } from '../aws/table.ts'
import type { StoredFile } from '../frames/frames.ts'
import { addDatasetVersion, type KeepVersion } from './datasets.ts'
import type { Ingested } from './ingested.ts'
import type { DataBucket } from './uploads.ts'

/** A header longer than this is no header. */
const headBytes = 1024 * 1024

const readHead = async ({ objects, bucket }: DataBucket, { key, versionId }: StoredFile): Promise<string> => {
  const place = { Bucket: bucket, Key: key, ...(versionId && { VersionId: versionId }) }
  const { Body } = await objects.send(new GetObjectCommand({ ...place, Range: `bytes=0-${headBytes - 1}` }))
  if (!Body) throw new Error(`object ${key}: expected bytes, got an empty answer`)
  try {
    // The end may be inside a character.
    return new TextDecoder('utf-8', { fatal: true }).decode(await Body.transformToByteArray(), { stream: true })
  } catch (cause) {
    throw new PercallError('BAD_TABLE', 'first megabyte: expected UTF-8, got other bytes', { cause })
  }
}

/** Names as far as the head tells them: all of a CSV file, those of the first line of JSON, none of Parquet. */
const namesIn = (head: string, format: DataFormat): readonly string[] => {
  if (format === 'csv') return csvHeader(head).names
  if (format === 'parquet') return []
  const lines = readJsonLine()
  lines.add(head.slice(0, head.indexOf('\n')))
  return lines.table().names
}

/**
 * Stores a file that is too large to be read while the gateway waits: S3 copies it, its head is checked, and the run that
 * learns from it reads its rows. Its version has no digest, so the same file sent again is another version. Throws BAD_TABLE.
 */
export const ingestLarge =
  (registry: Table, data: DataBucket, nowMs: () => number) =>
  async (
    dataset: string,
    format: DataFormat,
    source: StoredFile & { readonly sizeBytes: number },
    keep?: KeepVersion,
  ): Promise<Ingested> => {
    const { sizeBytes } = source
    const columns = format === 'parquet' ? [] : namesIn(await readHead(data, source), format)
    const draft = { dataset, format, sizeBytes, columns, createdAtMs: nowMs() }
    const store = (key: string) => copyObject(data)(source, sizeBytes, key)
    const version = await addDatasetVersion(registry, keep)(draft, store)
    const notice = `no profile: ${sizeBytes} bytes are more than are read at once; the first run on this version reads and checks its rows`
    return { version, isNew: true, notice }
  }
