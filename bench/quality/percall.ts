import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { openTrainingService } from '../../test/functions/training-service.ts'
import type { Answers } from './score.ts'
import type { PeerTable } from './tables.ts'

/** A run that has ended, and what its model answers on the test rows. */
export type Trained = {
  readonly answers: Answers
  readonly seconds: number
  /** Of processors, all threads of this process together. */
  readonly processorSeconds: number
  readonly trials: number
  readonly families: number
  /** What the model is made of, such as `gbdt .6, mlp .4`. */
  readonly made: string
}

type Line = { readonly algorithm: string; readonly weight?: number }
type Prediction = number | { readonly probabilities: Readonly<Record<string, number>> }

const msPerSecond = 1000
const usPerSecond = 1e6
/** Rows a call: the longest answers, of twelve classes, stay far below the gateway's 6 MB. */
const rowsPerCall = 400

/** Weights by algorithm, the largest first. */
const madeOf = (leaderboard: readonly Line[]): string => {
  const weights = new Map<string, number>()
  for (const { algorithm, weight = 0 } of leaderboard)
    if (weight > 0) weights.set(algorithm, (weights.get(algorithm) ?? 0) + weight)
  const parts = [...weights].sort(([, a], [, b]) => b - a)
  return parts.map(([algorithm, weight]) => (weight < 1 ? `${algorithm} ${weight.toFixed(2)}` : algorithm)).join(', ')
}

/**
 * The service's own handlers behind its own state machine, stores and probe in this process: what the local stack runs,
 * without a process for each function.
 */
export const openPercall = async () => {
  // The handlers, which are loaded in there, read it then: thousands of lines hide the table.
  process.env.POWERTOOLS_LOG_LEVEL ??= 'SILENT'
  const service = await openTrainingService()
  const answersOf = async (model: string, { file, table }: PeerTable): Promise<Answers> => {
    const rows = parse(readFileSync(file('test.csv')), { columns: true }) as Readonly<Record<string, string>>[] // with a header
    const instances = table.known.map((row) => rows[row]!)
    const answers: (number | readonly number[])[] = []
    for (let from = 0; from < instances.length; from += rowsPerCall) {
      const { status, body } = await service.doors.predict('POST', `/v1/models/${model}:predict`, {
        key: service.doors.owner,
        query: 'unknown=ignore',
        body: { instances: instances.slice(from, from + rowsPerCall) },
      })
      if (status !== 200) throw new Error(`model ${model}: expected answers, got ${status} ${JSON.stringify(body)}`)
      for (const prediction of body.predictions as readonly Prediction[])
        answers.push(
          typeof prediction === 'number'
            ? prediction
            : table.classes!.map((label) => prediction.probabilities[label] ?? 0),
        )
    }
    return answers
  }
  return {
    close: service.close,
    /** Uploads a table's train rows, trains on all of them and asks the version of the test rows. */
    train: async (name: string, peer: PeerTable, algorithm: string, more: object = {}): Promise<Trained> => {
      const model = `${name.replaceAll('_', '-')}-${algorithm}`
      const uploaded = await service.upload(model, readFileSync(peer.file('train.csv')))
      if (uploaded.status === undefined || uploaded.status >= 300)
        throw new Error(`table ${name}: ${JSON.stringify(uploaded.body)}`)
      const beganAtMs = performance.now()
      const began = process.cpuUsage()
      const { target, task } = peer.table
      const asked = { model, dataset: model, target, task, algorithms: [algorithm] }
      const run = await service.train({ ...asked, split: { method: 'none' }, gate: 'none', ...more })
      const seconds = (performance.now() - beganAtMs) / msPerSecond
      const { user, system } = process.cpuUsage(began)
      if (run.state !== 'succeeded') throw new Error(`run of ${model}: ${run.state} ${JSON.stringify(run.failure)}`)
      const leaderboard: readonly Line[] = run.leaderboard
      return {
        answers: await answersOf(`${model}@${run.version}`, peer),
        seconds,
        processorSeconds: (user + system) / usPerSecond,
        trials: leaderboard.length,
        families: new Set(leaderboard.map((trial) => trial.algorithm)).size,
        made: madeOf(leaderboard),
      }
    },
  }
}
