import { createReadStream } from 'node:fs'
import { checkNames } from '../../src/dataset/csv-header.ts'
import { readJsonLine } from '../../src/dataset/json-lines.ts'
import type { Table } from '../../src/dataset/profile.ts'
import { PercallError } from '../../src/errors.ts'

/** A longer line is no row of a table; an endless one would fill the memory. */
const mostLineCharacters = 64 * 1024 * 1024

/** Read by line here and not by DuckDB, which counts the lines of broken JSON otherwise. Throws BAD_TABLE that names the line. */
export const readJsonLines = async (file: string): Promise<Table> => {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const lines = readJsonLine()
  let number = 0
  let rest = ''
  const decode = (chunk?: Uint8Array): string => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode()
    } catch (cause) {
      throw new PercallError('BAD_TABLE', `after line ${number}: expected UTF-8, got other bytes`, { cause })
    }
  }
  const add = (line: string): void => {
    number += 1
    lines.add(line)
  }
  for await (const chunk of createReadStream(file)) {
    const parts = (rest + decode(chunk)).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) add(part)
    if (rest.length > mostLineCharacters)
      throw new PercallError(
        'BAD_TABLE',
        `line ${number + 1}: expected at most ${mostLineCharacters} characters, got more`,
      )
  }
  add(rest + decode())
  const table = lines.table()
  if (table.names.length > 0) checkNames(table.names, 'first lines')
  return table
}
