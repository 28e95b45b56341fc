/**
 * How long an automatic run without a budget takes from the request to the version, on 10,000 rows x 20 columns, in the
 * whole local service: its functions are processes, so that as many trials are fitted at once as there are cores.
 */
import { setTimeout } from 'node:timers/promises'
import type { Client } from '../client/client.ts'
import { addDatasetVersion, createRun, getRun, type RunBody } from '../client/training.ts'
import { createRandom } from '../src/random.ts'
import { figureOf } from './measure/figure.ts'
import { once } from './measure/pairs.ts'
import { report } from './measure/result.ts'
import { startService } from './service/service.ts'

const rows = 10_000
const numbers = 16
const categories = 4
const samples = 5

/** Two classes by an interaction, a wave and a category; a quarter of the columns tell nothing. */
const table = (seed: number): string => {
  const random = createRandom(seed)
  const names = [
    ...Array.from({ length: numbers }, (_, k) => `x${k}`),
    ...Array.from({ length: categories }, (_, k) => `c${k}`),
  ]
  const lines = Array.from({ length: rows }, () => {
    const x = Array.from({ length: numbers }, () => random() + random() + random() - 1.5)
    const c = Array.from({ length: categories }, (_, k) => Math.floor(random() * (5 + 10 * k)))
    const margin = 3 * x[0]! * x[1]! + Math.sin(4 * x[2]!) + x[3]! + x[4]! + (c[0]! % 2) + random() * 2 - 1.5
    return [...x.map((value) => value.toFixed(4)), ...c.map((level) => `l${level}`), margin > 0 ? 'yes' : 'no'].join()
  })
  return `${[...names, 'y'].join()}\n${lines.join('\n')}\n`
}

const pollMs = 50

const ended = async (owner: Client, id: string): Promise<RunBody> => {
  for (;;) {
    const run = await getRun(owner, id)
    if (run.state === 'succeeded') return run
    if (run.state !== 'queued' && run.state !== 'running')
      throw new Error(`run: expected succeeded, got ${run.state}, ${JSON.stringify(run.failure)}`)
    await setTimeout(pollMs)
  }
}

const { owner, close } = await startService()
const seconds: number[] = []
const notes: string[] = []
try {
  for (let sample = 0; sample < samples; sample++) {
    const dataset = `automatic-${sample}`
    await addDatasetVersion(owner, dataset, 'text/csv', Buffer.from(table(sample)))
    const beganAtMs = performance.now()
    const { id } = await createRun(owner, { model: dataset, dataset, target: 'y' })
    const { leaderboard = [], metrics } = await ended(owner, id)
    seconds.push((performance.now() - beganAtMs) / 1000)
    const families = new Set(leaderboard.map(({ algorithm }) => algorithm))
    notes.push(
      `Run ${sample}: ${leaderboard.length} trials of ${families.size} families, log-loss ${metrics?.logLoss}.`,
    )
  }
} finally {
  await close()
}

report(
  'automatic',
  [
    figureOf({
      question: `automatic run on ${rows} rows x ${numbers + categories}, from the request to the version`,
      unit: 's',
      samples: seconds.map(once),
      targets: [{ of: 'value', atMost: 60 }],
    }),
  ],
  notes,
)
