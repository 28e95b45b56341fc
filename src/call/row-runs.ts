import { isTabular } from '../registry/manifest.ts'
import { cutRows, joinRows } from '../tensor/cut-rows.ts'
import type { Deployed } from './deployed.ts'
import type { Question } from './question.ts'

/** A question of more rows than the model's manifest lets into one run, as several runs whose outputs are joined. */
export const inRowRuns = ({ manifest }: Pick<Deployed, 'manifest'>, question: Question): Question => {
  const most = manifest && isTabular(manifest) ? manifest.rowsPerRun : undefined
  const rows = question.inputs[0]?.shape[0] ?? 0
  if (most === undefined || question.runs || question.converse || rows <= most) return question
  const inputs = cutRows(question.inputs, most)
  return {
    ...question,
    inputs: inputs[0]!,
    runs: { inputs, keep: (outputs) => outputs },
    encode: (kept) => {
      const perRun = kept.length / inputs.length
      return question.encode(joinRows(inputs.map((_, run) => kept.slice(run * perRun, (run + 1) * perRun))))
    },
  }
}
