import { extname } from 'node:path'
import type { Instance, Predictions } from '../client/rows.ts'
import { wrongUsage } from './failure.ts'
import { readText } from './utf8-text.ts'

export const isJson = (file: string): boolean => extname(file).toLowerCase() === '.json'

/** Rows of a JSON file: an array of them, or the body of `:predict`. */
export const readInstances = (file: string): readonly Instance[] => {
  let parsed: unknown
  try {
    parsed = JSON.parse(readText(file))
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw wrongUsage(`${file}: expected JSON, ${cause.message}`)
  }
  const rows = typeof parsed === 'object' && parsed !== null && 'instances' in parsed ? parsed.instances : parsed
  // The service checks each row.
  if (Array.isArray(rows)) return rows as readonly Instance[]
  throw wrongUsage(`${file}: expected an array of rows, or {"instances": [...]}`, '[{"column": 1}, {"column": 2}]')
}

/** Predictions as JSON, a line each. */
export const linesOf = ({ predictions }: Predictions): string =>
  predictions.map((prediction) => JSON.stringify(prediction)).join('\n')
