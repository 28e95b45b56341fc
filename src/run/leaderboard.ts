import type { Choice } from './choose.ts'
import type { LeaderboardLine, Run } from './run.ts'
import { metricOf, type TrialScore } from './score.ts'
import type { RunSpec } from './spec.ts'

const lineOf = (spec: RunSpec, rung: number, score: TrialScore, choice?: Choice): LeaderboardLine => {
  const { trialId, algorithm, loss, spread, iterations, fitMs, sizeBytes, failure } = score
  const weight = choice?.members.find((member) => member.trialId === trialId)?.weight
  return {
    trialId,
    algorithm,
    metric: metricOf(spec),
    ...(loss !== null && { loss }),
    ...(spread !== undefined && { spread }),
    on: 'out-of-fold',
    rung,
    ...(failure === undefined && { iterations }),
    fitMs,
    ...(sizeBytes !== undefined && { sizeBytes }),
    ...(weight !== undefined && { weight }),
    ...(failure !== undefined && { failure: failure.cause }),
  }
}

/** The lines of a run with those of a round put in: trials that went further first, then the least loss. */
export const leaderboardOf = (
  { leaderboard = [] }: Pick<Run, 'leaderboard'>,
  spec: RunSpec,
  rung: number,
  scores: readonly TrialScore[],
  choice?: Choice,
): readonly LeaderboardLine[] => {
  const lines = new Map(leaderboard.map((line) => [line.trialId, line]))
  for (const score of scores) lines.set(score.trialId, lineOf(spec, rung, score, choice))
  const worst = Number.POSITIVE_INFINITY
  return [...lines.values()].sort((a, b) => b.rung - a.rung || (a.loss ?? worst) - (b.loss ?? worst))
}

/** The lines with the measured time of one row through the exported graph, on those that are in it. */
export const withLatency = (
  { leaderboard = [] }: Pick<Run, 'leaderboard'>,
  latencyMs: number,
): readonly LeaderboardLine[] => leaderboard.map((line) => (line.weight === undefined ? line : { ...line, latencyMs }))
