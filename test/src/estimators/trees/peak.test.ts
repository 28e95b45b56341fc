import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compute } from '../../../../adapters/sessions/compute.ts'
import { gbdt } from '../../../../src/estimators/gbdt.ts'
import { fitFully } from '../../../../src/estimators/list.ts'
import { createRandom } from '../../../../src/random.ts'

const program = join(import.meta.dirname, '../../../../adapters/team/member.ts')
const rows = 1_000_000
const columns = 50
const bytesPerKb = 1024

const statusBytes = (line: 'VmHWM' | 'VmRSS'): number =>
  Number(new RegExp(`${line}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * bytesPerKb

test.runIf(process.env.PERCALL_LONG !== undefined && process.platform === 'linux').for([
  ['regression', 1],
  ['regression', 2],
  ['binary', 2],
] as const)(
  '1M rows x 50, %s, %i threads -> a fit takes at most 6 times its binned table above what lies in memory before it',
  async ([task, threads]) => {
    const random = createRandom(50)
    const values = Float64Array.from({ length: rows * columns }, () => Math.fround(random()))
    const sums = Float64Array.from(
      { length: rows },
      (_, row) => values[row * columns]! + values[row * columns + 1]! ** 2,
    )
    const y = task === 'binary' ? sums.map((sum) => Number(sum > 0.8)) : sums
    // Linux: the peak is counted from here on.
    writeFileSync('/proc/self/clear_refs', '5')
    const beforeBytes = statusBytes('VmRSS')
    const data = { X: { rows, columns, values }, y, ...(task === 'binary' && { classes: 2 }) }
    await fitFully(gbdt, gbdt.hyper({ iterations: 20 }), data, compute(threads, program))
    const took = (statusBytes('VmHWM') - beforeBytes) / (rows * columns)
    // The table itself is a part: what told less would not have been measured.
    expect(took).toBeGreaterThan(1)
    expect(took).toBeLessThan(6)
  },
)
