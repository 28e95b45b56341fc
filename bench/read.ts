/** How long a table of 1M rows x 14 takes to be read into typed columns, beside pandas.read_csv of the same file. */
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { readFrame } from '../adapters/frames/frames.ts'
import type { DataFormat } from '../src/dataset/dataset.ts'
import { rowCount } from '../src/dataset/table.ts'
import { type Figure, figureOf } from './measure/figure.ts'
import { alternate, once } from './measure/pairs.ts'
import { report } from './measure/result.ts'
import { openPython } from './peers/python.ts'

const rows = 1_000_000
const pairs = 9
const bytesPerMb = 1e6

/** Numbers of 4 to 6 decimals, whole numbers, a few and many words, true and false, days. */
function* lines(): Generator<string> {
  yield 'n0,n1,n2,n3,n4,n5,i0,i1,i2,c0,c1,c2,b,d\n'
  let state = 1
  // Numerical Recipes' linear congruential generator: the same file on each machine.
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  const normal = (digits: number): string =>
    (Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(6.2831853 * next())).toFixed(digits)
  const colours = ['red', 'green', 'blue', 'violet']
  for (let row = 0; row < rows; row++) {
    const numbers = [4, 5, 6, 4, 5, 6].map(normal).join(',')
    const whole = [2, 4, 6].map((power) => Math.floor(next() * 10 ** power)).join(',')
    const words = `${colours[Math.floor(next() * 4)]},city ${Math.floor(next() * 500)},p${String(Math.floor(next() * 20_000)).padStart(5, '0')}`
    const day = new Date(86_400_000 * (16_436 + Math.floor(next() * 3000))).toISOString().slice(0, 10)
    yield `${numbers},${whole},${words},${next() < 0.5},${day}\n`
  }
}

const folder = mkdtempSync(join(tmpdir(), 'percall-bench-'))
const csv = join(folder, 'csv', 'data')
const parquet = join(folder, 'parquet', 'data')
try {
  for (const file of [csv, parquet]) mkdirSync(dirname(file))
  await pipeline(Readable.from(lines()), createWriteStream(csv))
  const instance = await DuckDBInstance.create(':memory:')
  await (await instance.connect()).run(`COPY (FROM read_csv('${csv}')) TO '${parquet}' (FORMAT parquet)`)
  instance.closeSync()
  const peer = await openPython('read_csv.py', csv)
  const read = readFrame({ memoryMb: 4096, threads: 2 })
  const ours = (file: string, format: DataFormat) => async () => {
    const beganAtMs = performance.now()
    const table = await read(file, format)
    if (rowCount(table) !== rows) throw new Error(`expected ${rows} rows, got ${rowCount(table)}`)
    return once(performance.now() - beganAtMs)
  }
  const theirs = async () => once(Number((await peer?.ask('read'))?.[0]))
  const measure = async (file: string, format: DataFormat, atMost: number): Promise<Figure> => {
    const mb = Math.round(statSync(file).size / bytesPerMb)
    const question = `read ${mb} MB of ${format === 'csv' ? 'CSV' : 'Parquet'}, 1M rows x 14, into typed columns`
    await ours(file, format)()
    if (!peer) {
      const alone = await alternate(pairs, ours(file, format), async () => once(0))
      return figureOf({ question, unit: 'ms', samples: alone.ours })
    }
    const taken = await alternate(pairs, ours(file, format), theirs)
    return figureOf({
      question,
      unit: 'ms',
      samples: taken.ours,
      peer: { name: `pandas ${peer.version} read_csv`, samples: taken.peers },
      targets: [{ of: 'ratio', atMost }],
    })
  }
  const figures = [await measure(csv, 'csv', 1.2), await measure(parquet, 'parquet', 0.8)]
  peer?.close()
  report('read', figures, [
    peer
      ? 'The peer of both is pandas.read_csv of the CSV file: Debian has no reader of Parquet for pandas.'
      : 'pandas is not installed (Debian: python3-pandas): no ratio.',
    'CSV is read from its bytes on one thread, texts by number into the distinct ones; Parquet by DuckDB on two.',
  ])
} finally {
  rmSync(folder, { recursive: true, force: true })
}
