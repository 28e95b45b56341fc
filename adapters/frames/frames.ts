import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import type { DataFormat } from '../../src/dataset/dataset.ts'
import { rowCount, type Table } from '../../src/dataset/table.ts'
import { PercallError } from '../../src/errors.ts'
import { readCsv } from './csv.ts'
import { type Machine, withDuckDb } from './duckdb.ts'
import { readJsonLines } from './json-lines.ts'
import { readParquet } from './parquet.ts'

const readFile = (machine: Machine, file: string, format: DataFormat): Promise<Table> => {
  if (format === 'jsonl') return readJsonLines(file)
  if (format === 'csv') return readCsv(file, machine)
  return withDuckDb(file, machine, (connection) => readParquet(connection, file, machine))
}

/**
 * A file of this machine -> its columns: plain numbers as such, other cells as text for CSV, JSON scalars for JSON Lines,
 * Parquet's types by parquet-query.ts.
 * The file must lie in a folder of its own. Throws BAD_TABLE that names line and column; kinds are decided elsewhere.
 */
export const readFrame =
  (machine: Machine) =>
  async (file: string, format: DataFormat): Promise<Table> => {
    const table = await readFile(machine, file, format)
    const rows = rowCount(table)
    if (rows === 0) throw new PercallError('BAD_TABLE', 'table: expected at least one row, got 0 rows')
    return table
  }

/** Runs `work` in a folder of its own, which is gone afterwards. */
export const inFolder = async <Value>(work: (folder: string) => Promise<Value>): Promise<Value> => {
  const folder = await mkdtemp(join(tmpdir(), 'percall-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export type StoredFile = { readonly key: string; readonly versionId?: string }

/** Streams an object to a file. */
export const download =
  ({ objects, bucket }: { readonly objects: S3Client; readonly bucket: string }) =>
  async ({ key, versionId }: StoredFile, file: string): Promise<void> => {
    const get = new GetObjectCommand({ Bucket: bucket, Key: key, ...(versionId && { VersionId: versionId }) })
    const { Body } = await objects.send(get)
    if (!Body) throw new Error(`object ${key}: expected bytes, got an empty answer`)
    // In Node the SDK's body is a readable stream.
    await pipeline(Body as NodeJS.ReadableStream, createWriteStream(file))
  }

/** sha256 of a file, lower-case hex. */
export const digestFile = async (file: string): Promise<string> => {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}
