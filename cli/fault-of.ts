import { errorTable } from '../src/errors.ts'
import type { Failure } from './failure.ts'

/** Whose fault a code is that something failed with later on: its status tells, as of an answer. */
export const faultOf = (code: string): Failure['fault'] => {
  const known = Object.hasOwn(errorTable, code) ? errorTable[code as keyof typeof errorTable] : undefined
  return known && known.status < 500 ? 'yours' : "the service's"
}
