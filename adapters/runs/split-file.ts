import { join } from 'node:path'
import { tabularOf } from '../../src/batch/answer-shard.ts'
import type { Batch } from '../../src/batch/batch.ts'
import { cutShards, shardBounds } from '../../src/batch/cut-shards.ts'
import type { BatchPlan, Shard } from '../../src/batch/progress.ts'
import { lineInstance, resultWriter } from '../../src/batch/result-text.ts'
import { checkColumns, resultNames, resultShape } from '../../src/batch/row-text.ts'
import type { Deployed } from '../../src/call/deployed.ts'
import { PercallError } from '../../src/errors.ts'
import { putOwn } from '../calls/batch-files.ts'
import type { DataBucket } from '../datasets/uploads.ts'
import type { Machine } from '../frames/duckdb.ts'
import { download, inFolder } from '../frames/frames.ts'
import { textLines, withTableLines } from '../frames/lines.ts'

type Rows = { readonly lines: AsyncIterable<string>; readonly columns: () => readonly string[] }

const cutInto = async (data: DataBucket, batch: Batch, deployed: Deployed, rows: Rows): Promise<BatchPlan> => {
  const shards: Shard[] = []
  for await (const { number, firstRow, lines } of cutShards(rows.lines, shardBounds)) {
    const key = await putOwn(data)(batch, `shards/${number}`, lines.map((line) => `${line}\n`).join(''))
    shards.push({ number, key, firstRow, rows: lines.length })
  }
  if (shards.length === 0) throw new PercallError('BAD_TABLE', 'file: expected at least one row, got 0 rows')
  const columns = rows.columns()
  const shape = resultShape(tabularOf(deployed))
  const { header } = resultWriter(batch.output, columns, shape)
  const itemsKey = await putOwn(data)(batch, 'items', JSON.stringify(shards))
  const total = shards.reduce((sum, shard) => sum + shard.rows, 0)
  const result = { ...shape, ...(header !== undefined && { header }) }
  return { shards: shards.length, rows: total, itemsKey, columns, ...result }
}

// A result in CSV has a column for each name; more are a mistake.
const mostColumns = 10_000

/** A first line that is no object tells of another format; a later one is a row that fails. */
const checkFirst = (line: string): void => {
  try {
    lineInstance(line)
  } catch (thrown) {
    if (!(thrown instanceof PercallError) || thrown.code !== 'BAD_JSON') throw thrown
    throw new PercallError('BAD_TABLE', `line 1: ${thrown.message}`, { cause: thrown })
  }
}

const namesOf = (line: string): readonly string[] => {
  try {
    return Object.keys(JSON.parse(line))
  } catch {
    return [] // it will be a failed row
  }
}

/** Lines as they are, and, for a result in CSV, the names that occur in them. */
const jsonRows = (file: string, batch: Batch, deployed: Deployed): Rows => {
  const names = new Set<string>()
  async function* lines(): AsyncGenerator<string> {
    let first = true
    for await (const line of textLines(file, shardBounds.mostBytes)) {
      if (first) checkFirst(line)
      first = false
      if (batch.output === 'csv') for (const name of namesOf(line)) names.add(name)
      if (names.size > mostColumns)
        throw new PercallError('BAD_TABLE', `file: expected at most ${mostColumns} names, got more`)
      yield line
    }
  }
  const own = resultNames(resultShape(tabularOf(deployed)))
  return { lines: lines(), columns: () => [...names].filter((name) => !own.includes(name)) }
}

/**
 * Reads the uploaded bytes by their S3 version and writes them as shards, each an object of its own.
 * Throws BAD_TABLE for a file that is empty, malformed or of another format, UNKNOWN_COLUMN, MISSING_INPUT.
 */
export const splitFile =
  (data: DataBucket, machine: Machine) =>
  (batch: Batch, deployed: Deployed): Promise<BatchPlan> =>
    inFolder(async (folder) => {
      const file = join(folder, 'data')
      await download(data)(batch.input, file)
      if (batch.format === 'jsonl') return cutInto(data, batch, deployed, jsonRows(file, batch, deployed))
      return withTableLines(machine)(file, batch.format, ({ columns, lines }) => {
        const manifest = tabularOf(deployed)
        checkColumns(columns, { signature: deployed.version.signature, ...(manifest && { manifest }) }, batch.unknown)
        return cutInto(data, batch, deployed, { lines, columns: () => columns })
      })
    })
