import { ApiError } from '../client/client.ts'
import { describeError } from './describe-error.ts'
import { Refused } from './refused.ts'

const ofRow = /^(?:row|instance) (\d+)\b/

/**
 * A refusal that names a row -> the same with its number in the file, from 1, as --skip and batches count. The service
 * names it by its index in the call; `rowOf` gives the number of that.
 */
export const countedRow = (thrown: unknown, rowOf: (index: number) => number): unknown => {
  const found = thrown instanceof ApiError ? ofRow.exec(thrown.message) : null
  if (!(thrown instanceof ApiError) || !found) return thrown
  const message = `row ${rowOf(Number(found[1]))}${thrown.message.slice(found[0].length)}`
  return new Refused(message, describeError(thrown).hint, thrown)
}
