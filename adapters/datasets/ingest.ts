import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DataFormat } from '../../src/dataset/dataset.ts'
import { profileTable } from '../../src/dataset/profile.ts'
import { type Table as DataTable, rowCount } from '../../src/dataset/table.ts'
import { PercallError } from '../../src/errors.ts'
import { mostDatasetBytes } from '../../src/upload.ts'
import { writeFileObject } from '../aws/object-writer.ts'
import type { Table } from '../aws/table.ts'
import { digestFile, download, inFolder, readFrame, type StoredFile } from '../frames/frames.ts'
import { machineOf } from './dataset-tables.ts'
import { addDatasetVersion, type KeepVersion, latestDatasetVersion } from './datasets.ts'
import { ingestLarge } from './ingest-large.ts'
import type { Ingested } from './ingested.ts'
import type { DataBucket } from './uploads.ts'

/** Larger files are stored without a profile in the answer: the gateway waits for 30 s. */
const mostProfiledBytes = 16 * 1024 * 1024
/** Larger files are not even read: S3 gives about 90 MB a second, and the file is written again as its version. */
const mostReadBytes = 256 * 1024 * 1024

type Source = { readonly bytes: Uint8Array } | (StoredFile & { readonly sizeBytes: number })

const requireSize = (dataset: string, sizeBytes: number): void => {
  if (sizeBytes > mostDatasetBytes)
    throw new PercallError(
      'TOO_LARGE',
      `dataset ${dataset}: expected at most ${mostDatasetBytes} bytes, got ${sizeBytes}`,
    )
}

/**
 * Checks a file by reading it whole, to 256 MB, and stores it as the next version of a dataset. The same bytes as the latest
 * version's are that version, so that the same training request meets its earlier run. `keep` writes a new version's row.
 * Throws BAD_TABLE, TOO_LARGE.
 */
export const ingestDataset =
  (registry: Table, data: DataBucket, memoryMb: number, nowMs: () => number) =>
  (dataset: string, format: DataFormat, source: Source, keep?: KeepVersion): Promise<Ingested> => {
    if ('sizeBytes' in source && source.sizeBytes > mostReadBytes) {
      requireSize(dataset, source.sizeBytes)
      return ingestLarge(registry, data, nowMs)(dataset, format, source, keep)
    }
    return inFolder(async (folder) => {
      const file = join(folder, 'data')
      if ('bytes' in source) await writeFile(file, source.bytes)
      else await download(data)(source, file)
      const sizeBytes = (await stat(file)).size
      const table = await readFrame(machineOf(memoryMb))(file, format)
      const digest = await digestFile(file)
      const latest = await latestDatasetVersion(registry)(dataset)
      const isNew = latest?.digest !== digest || latest.format !== format
      const rows = rowCount(table)
      const draft = { dataset, format, digest, sizeBytes, rows, columns: table.names, createdAtMs: nowMs() }
      const version = isNew
        ? await addDatasetVersion(registry, keep)(draft, (key) => writeFileObject(data)(file, key))
        : latest
      return { version, isNew, ...profileOf(table, sizeBytes) }
    })
  }

/** A table that needs a word of its owner, such as a date's order, is stored: the run gives it. */
const profileOf = (table: DataTable, sizeBytes: number): Pick<Ingested, 'profile' | 'notice'> => {
  if (sizeBytes > mostProfiledBytes)
    return { notice: `no profile: expected at most ${mostProfiledBytes} bytes, got ${sizeBytes}` }
  try {
    return { profile: profileTable(table) }
  } catch (thrown) {
    if (thrown instanceof PercallError) return { notice: thrown.message }
    throw thrown
  }
}
