import type { Choice } from '../blend/choose.ts'
import type { LeaderboardLine, Run } from '../run.ts'
import type { RunSpec } from '../spec.ts'
import { metricOf, type TrialScore } from './score.ts'

const lineOf = (spec: RunSpec, rung: number, score: TrialScore, choice?: Choice): LeaderboardLine => {
  const { trialId, algorithm, loss, spread, iterations, fitMs, sizeBytes, failure } = score
  const own = choice?.members.filter((member) => member.trialId === trialId) ?? []
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
    ...(own.length > 0 && { weight: own.reduce((sum, { weight }) => sum + weight, 0) }),
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
