import type { Batch } from '../client/batches.ts'
import type { BatchBody } from '../client/bodies.ts'
import { note } from './context.ts'

const shownRows = 10

const progressText = ({ state, progress }: BatchBody): string => {
  const { rows, rowsSucceeded, rowsFailed } = progress
  return `${state}: ${rowsSucceeded + rowsFailed}${rows === undefined ? '' : ` of ${rows}`} rows, ${rowsFailed} failed`
}

/** One line of what a batch has done and cost. */
export const batchText = (batch: BatchBody): string =>
  `${batch.model}/${batch.version} ${progressText(batch)}, units ${batch.units}, cost ${batch.cost}` +
  (batch.failure ? `; ${batch.failure.code}: ${batch.failure.cause}` : '')

/** Tells each change until a batch has succeeded. Throws what it failed with. */
export const waitForBatch = async (batch: Batch): Promise<BatchBody> => {
  let before = ''
  return await batch.wait({
    onProgress: (now) => {
      const text = progressText(now)
      if (text !== before) note(text)
      before = text
    },
  })
}

/** The first failed rows, with why. */
export const showFailedRows = async ({ id, errors }: Batch, { progress }: BatchBody): Promise<void> => {
  if (progress.rowsFailed === 0) return
  let shown = 0
  for await (const { row, code, message } of errors()) {
    if (shown === shownRows) return note(`... percall batches ${id} --errors lists all ${progress.rowsFailed}`)
    note(`row ${row}: ${code}: ${message}`)
    shown += 1
  }
}
