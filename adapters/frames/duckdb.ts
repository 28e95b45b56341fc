import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'

type DuckDb = typeof import('@duckdb/node-api')

/**
 * The package lies in a layer, 70 MB: it is loaded by the first file that is read. A bundle (CommonJS) has `require`,
 * which sees the layers; sources run as modules.
 */
const load = (): DuckDb => {
  const find = typeof require === 'function' ? require : createRequire(import.meta.url)
  return find('@duckdb/node-api')
}

export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** What a function's memory leaves for DuckDB; the cells that it reads become JavaScript values outside of it. */
const shareOfMemory = 0.25
const leastMb = 128

/** The order matters: after lock_configuration nothing changes, and without the allowed folder the input is refused too. */
const settings = (folder: string, memoryMb: number, threads: number): readonly string[] => [
  `SET memory_limit = '${Math.max(leastMb, Math.floor(memoryMb * shareOfMemory))}MB'`,
  `SET threads = ${threads}`,
  `SET temp_directory = ${quoteText(join(folder, 'spill'))}`,
  `SET allowed_directories = [${quoteText(folder)}]`,
  'SET autoinstall_known_extensions = false',
  'SET autoload_known_extensions = false',
  'SET enable_external_access = false',
  'SET lock_configuration = true',
]

export type Machine = { readonly memoryMb: number; readonly threads: number }

/** Runs `work` on a DuckDB of its own that can read the folder of `file` and nothing else. */
export const withDuckDb = async <Value>(
  file: string,
  { memoryMb, threads }: Machine,
  work: (connection: DuckDBConnection) => Promise<Value>,
): Promise<Value> => {
  const folder = dirname(file)
  mkdirSync(join(folder, 'spill'), { recursive: true })
  const instance = await load().DuckDBInstance.create(':memory:')
  try {
    const connection = await instance.connect()
    for (const statement of settings(folder, memoryMb, threads)) await connection.run(statement)
    return await work(connection)
  } finally {
    instance.closeSync()
  }
}
