import type { Instance } from '../client/rows.ts'
import { wrongUsage } from './failure.ts'

/** The row of --row. */
export const parseRow = (text: string): Instance => {
  try {
    const row: unknown = JSON.parse(text)
    // Objects and arrays both are instances; the service checks names and cells.
    if (typeof row === 'object' && row !== null) return row as Instance
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
  }
  throw wrongUsage(`--row: expected a JSON object or array, got ${text}`, `--row '{"column": 1}'`)
}
