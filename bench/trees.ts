/**
 * How long boosted trees take against the better of scikit-learn and xgboost, with as many trees and leaves.
 * PERCALL_LONG=1 adds 1,000,000 rows x 30.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compute } from '../adapters/sessions/compute.ts'
import { gbdt } from '../src/estimators/gbdt.ts'
import { fitFully } from '../src/estimators/list.ts'
import { figureOf, type Target } from './measure/figure.ts'
import { alternate, once } from './measure/pairs.ts'
import { report } from './measure/result.ts'
import { missingPeers, openPeers } from './trees/peer.ts'
import { type MadeTable, madeTable, writeTable } from './trees/table.ts'

const member = join(import.meta.dirname, '..', 'adapters', 'team', 'member.ts')
const hyper = gbdt.hyper({ iterations: 100, learningRate: 0.1, leaves: 31, minRows: 20, l2: 0 })

const scoreOf = ({ task }: MadeTable, margins: Float64Array, y: Float64Array): number => {
  if (task === 'binary')
    return margins.reduce((sum, m, i) => sum + Math.log1p(Math.exp(y[i] === 1 ? -m : m)), 0) / y.length
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length
  const left = margins.reduce((sum, m, i) => sum + (m - y[i]!) ** 2, 0)
  return 1 - left / y.reduce((sum, value) => sum + (value - mean) ** 2, 0)
}

const ourFit = async (
  table: MadeTable,
  threads: number,
): Promise<{ readonly fitMs: number; readonly score: number }> => {
  const { rows, columns, values, y, task } = table
  const X = { rows, columns, values: values.subarray(0, rows * columns) }
  const data = { X, y: y.subarray(0, rows), ...(task === 'binary' && { classes: 2 }) }
  const beganAtMs = performance.now()
  const { model } = await fitFully(gbdt, hyper, data, compute(threads, member))
  const fitMs = performance.now() - beganAtMs
  const held = { rows: y.length - rows, columns, values: values.subarray(rows * columns) }
  return { fitMs, score: scoreOf(table, gbdt.margins(model, held).values, y.subarray(rows)) }
}

const long = process.env.PERCALL_LONG === '1'
const pairs = 7
const tables = [
  { rows: 100_000, columns: 50, task: 'regression' },
  { rows: 100_000, columns: 30, task: 'binary' },
  ...(long ? [{ rows: 1_000_000, columns: 30, task: 'binary' } as const] : []),
] as const
const mostRatio: Readonly<Record<number, number>> = { 1: 1, 2: 1.1 }

const missing = missingPeers()
const figures = []
const notes = [
  '100 trees of 31 leaves, rate 0.1, at least 20 rows a leaf, 255 bins; the time of a fit with its binning.',
]
if (missing !== undefined) notes.push(`No ratios: ${missing}.`)

for (const { rows, columns, task } of tables) {
  const folder = mkdtempSync(join(tmpdir(), 'percall-trees-'))
  try {
    const table = madeTable(rows, columns, task)
    writeTable(folder, table)
    for (const threads of [1, 2]) {
      const question = `boosted trees, ${rows} x ${columns}, ${task}, ${threads} thread${threads > 1 ? 's' : ''}`
      const ours = async () => (await ourFit(table, threads)).fitMs / 1000
      if (missing !== undefined) {
        const samples = []
        for (let k = 0; k < pairs; k++) samples.push(once(await ours()))
        figures.push(figureOf({ question, unit: 's', samples }))
        continue
      }
      const peers = openPeers(threads)
      const asked = { folder, rows, columns, task }
      const [first, one, two] = [
        await ourFit(table, threads),
        await peers.ask({ ...asked, peer: 'scikit-learn' }),
        await peers.ask({ ...asked, peer: 'xgboost' }),
      ]
      const name = one.fitMs <= two.fitMs ? 'scikit-learn' : 'xgboost'
      const measure = task === 'binary' ? 'log-loss' : 'R2'
      notes.push(
        `${question}: ${measure} ${first.score.toFixed(5)}; scikit-learn ${one.score.toFixed(5)}, xgboost ${two.score.toFixed(5)}.`,
      )
      const taken = await alternate(pairs, ours, async () => (await peers.ask({ ...asked, peer: name })).fitMs / 1000)
      peers.close()
      const targets: readonly Target[] = [{ of: 'ratio', atMost: mostRatio[threads]! }]
      const peer = { name, samples: taken.peers.map(once) }
      figures.push(figureOf({ question, unit: 's', samples: taken.ours.map(once), peer, targets }))
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

report('trees', figures, notes)
