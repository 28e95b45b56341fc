import { createReadStream } from 'node:fs'
import { checkNames } from '../../src/dataset/csv-header.ts'
import { jsonLinesTable } from '../../src/dataset/json-lines.ts'
import type { Table } from '../../src/dataset/profile.ts'
import { PercallError } from '../../src/errors.ts'

/** Read by line here and not by DuckDB, which counts the lines of broken JSON otherwise. Throws BAD_TABLE that names the line. */
export const readJsonLines = async (file: string): Promise<Table> => {
  const table = jsonLinesTable(await readLines(file))
  if (table.names.length > 0) checkNames(table.names, 'first lines')
  return table
}

const readLines = async (file: string): Promise<readonly string[]> => {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const lines: string[] = []
  let rest = ''
  try {
    for await (const chunk of createReadStream(file)) {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n')
      rest = parts.pop() ?? ''
      for (const part of parts) lines.push(part)
    }
    return [...lines, rest + decoder.decode()]
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw new PercallError('BAD_TABLE', `after line ${lines.length}: expected UTF-8, got other bytes`, { cause })
  }
}
