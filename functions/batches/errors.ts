import type { RowError, ShardProgress } from '../../src/batch/progress.ts'
import { PercallError } from '../../src/errors.ts'
import { parsePage } from '../../src/page.ts'

type ErrorPorts = { readonly readList: <Value>(key: string) => Promise<readonly Value[]> }

const afterOf = (next: string | undefined): number => {
  if (next === undefined) return 0
  if (/^\d{1,12}$/.test(next)) return Number(next)
  throw new PercallError('BAD_REQUEST', `next: expected the row of the last error, got ${next}`)
}

/** Failed rows of the shards that are done, in the order of the file; `next` is the last row of a full page. */
export const errorsPage =
  ({ readList }: ErrorPorts) =>
  async (done: readonly ShardProgress[], query: URLSearchParams) => {
    const { limit, next } = parsePage(query)
    const after = afterOf(next)
    const errors: RowError[] = []
    for (const { errorsKey } of done) {
      if (errorsKey === undefined || errors.length > limit) continue
      for (const error of await readList<RowError>(errorsKey)) if (error.row > after) errors.push(error)
    }
    const page = errors.slice(0, limit)
    return { errors: page, ...(errors.length > limit && { next: String(page.at(-1)?.row) }) }
  }
