import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { compute } from '../../../../adapters/sessions/compute.ts'
import type { TrainingData } from '../../../../src/estimators/estimator.ts'
import { estimators, fitFully } from '../../../../src/estimators/list.ts'
import { createRandom } from '../../../../src/random.ts'

const program = join(import.meta.dirname, '../../../../adapters/team/member.ts')

/** Enough rows for a second thread: numbers, missing ones, and a category. */
const rows = 24_000
const columns = 9

const made = (classes: number | undefined): TrainingData => {
  const random = createRandom(11)
  const values = new Float64Array(rows * columns)
  const y = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    const start = i * columns
    for (let j = 0; j < columns - 1; j++) values[start + j] = random() < 0.03 ? Number.NaN : random() * 10
    const level = Math.floor(random() * 40)
    values[start + columns - 1] = level
    const [a, b] = [values[start]!, values[start + 1]!]
    const score = (a || 0) - (b || 5) + Math.sin(level) * 3 + random()
    y[i] = classes === undefined ? score : Math.max(0, Math.min(classes - 1, Math.floor((score + 10) / (20 / classes))))
  }
  const X = { rows, columns, values, levels: [...new Array<number>(columns - 1).fill(0), 40] }
  return { X, y, ...(classes !== undefined && { classes }) }
}

test.for([
  { name: 'gbdt', classes: undefined, hyper: { iterations: 8, rows: 0.8, columns: 0.7 } },
  { name: 'gbdt', classes: 2, hyper: { iterations: 8 } },
  { name: 'gbdt', classes: 3, hyper: { iterations: 4 } },
  { name: 'forest', classes: 2, hyper: { iterations: 3 } },
] as const)(
  '$name, $classes classes, one, two and three threads -> the same bits',
  async ({ name, classes, hyper }) => {
    const estimator = estimators[name]
    const data = made(classes)
    const modelOf = async (threads: number) =>
      (await fitFully(estimator, estimator.hyper(hyper), data, compute(threads, program))).model
    const one = await modelOf(1)
    expect(await modelOf(2)).toStrictEqual(one)
    expect(await modelOf(3)).toStrictEqual(one)
  },
)

test('the program as it is bundled beside a handler, a CommonJS file -> the bits of one thread', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'percall-member-'))
  try {
    const outfile = join(folder, 'member.js')
    await build({ entryPoints: [program], outfile, bundle: true, minify: true, platform: 'node', format: 'cjs' })
    writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}')
    const data = made(undefined)
    const hyper = estimators.gbdt.hyper({ iterations: 3 })
    const one = await fitFully(estimators.gbdt, hyper, data, compute(1))
    const two = await fitFully(estimators.gbdt, hyper, data, compute(2, outfile))
    expect(two.model).toStrictEqual(one.model)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a thread whose program is not there -> an error, no hang', async () => {
  const data = made(undefined)
  const opened = estimators.gbdt.open(estimators.gbdt.hyper({}), data, compute(2, '/no/such/member.js'))
  await expect(opened).rejects.toThrow(/member\.js/)
})
