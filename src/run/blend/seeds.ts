import type { Algorithm } from '../../task.ts'
import type { Choice } from './choose.ts'
import type { Limits } from './ensemble.ts'

/**
 * Where rows are few, what a net answers is in part what its first weights were: on six splits of diabetes (353 rows)
 * nets that differ only in their seed are 1 to 2 of 55 apart in RMSE, and the mean of eight is .7 to 2 better than one.
 */
const mostNets = 8
/** Bytes of all nets x rows: a refit of a second or two. Beyond, one net has seen enough rows. */
const mostWork = 2e8

type Cost = { readonly sizeBytes?: number; readonly latencyMs?: number }
type ChosenTrial = Cost & { readonly trialId: string; readonly algorithm: Algorithm }

/** Into how many of a limit's size its nets may grow, beside all members once. */
const within = (limit = Number.POSITIVE_INFINITY, all: number, nets: number): number =>
  nets > 0 ? 1 + (limit - all) / nets : mostNets

/**
 * The choice with each net as the mean of several that differ in their seed, as far as rows and limits allow. Blend,
 * calibrator, threshold and interval stay those of one seed's held-out answers: the mean is a little milder and nearer.
 */
export const withSeeds = (
  choice: Choice,
  trials: readonly ChosenTrial[],
  rows: number,
  limits: Limits = {},
): Choice => {
  const chosen = choice.members.map((member) => trials.find(({ trialId }) => trialId === member.trialId)!)
  const nets = chosen.filter(({ algorithm }) => algorithm === 'mlp')
  if (nets.length === 0 || nets.some(({ sizeBytes }) => sizeBytes === undefined)) return choice
  const sum = (of: readonly Cost[], what: keyof Cost): number => of.reduce((total, one) => total + (one[what] ?? 0), 0)
  const many = Math.floor(
    Math.min(
      mostNets,
      mostWork / (rows * sum(nets, 'sizeBytes')),
      within(limits.sizeBytes, sum(chosen, 'sizeBytes'), sum(nets, 'sizeBytes')),
      within(limits.latencyMs, sum(chosen, 'latencyMs'), sum(nets, 'latencyMs')),
    ),
  )
  if (many < 2) return choice
  const members = choice.members.flatMap((member, at) =>
    chosen[at]!.algorithm === 'mlp'
      ? Array.from({ length: many }, (_, seed) => ({ ...member, weight: member.weight / many, seed }))
      : [member],
  )
  return {
    ...choice,
    members,
    notices: [...choice.notices, `each net is the mean of ${many} fits that differ in their seed`],
  }
}
