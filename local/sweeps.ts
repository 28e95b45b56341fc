import type { Services } from './resources.ts'

/** DynamoDB deletes expired items within days; here they go within seconds, so that tests and people see it. */
const tableSweepMs = 2_000
/** S3 evaluates lifecycle rules once a day. */
const objectSweepMs = 3_600_000

/** Begins the deletion of what has expired, and gives its end. A fault of one sweep is told and does not end the next. */
export function startSweeps({ tables, objects }: Services, onLine: (line: string) => void): () => void {
  const guarded = (name: string, sweep: () => unknown) => () => {
    try {
      sweep()
    } catch (error) {
      onLine(`sweep of ${name}: ${error instanceof Error ? error.stack : error}`)
    }
  }
  const sweepObjects = guarded('objects', objects.sweep)
  const timers = [setInterval(guarded('tables', tables.sweep), tableSweepMs), setInterval(sweepObjects, objectSweepMs)]
  for (const timer of timers) timer.unref()
  sweepObjects()
  return () => {
    for (const timer of timers) clearInterval(timer)
  }
}
