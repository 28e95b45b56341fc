import { PercallError } from '../../errors.ts'
import type { Failure } from '../failure.ts'
import type { Run, RunState } from '../run.ts'
import type { RunSpec } from '../spec.ts'
import type { TrialScore } from './score.ts'

type FindJson = <Value>(key: string) => Promise<Value | undefined>
type KeepJson = <Value>(key: string, make: () => Promise<Value>) => Promise<Value>

/** Where the artifacts of a round of halving lie, below the run's. */
export const roundPath = (rung: number, name: string): string => `rounds/${rung}/${name}`

/** Where those of a trial in a round lie. */
export const trialPath = (trialId: string, rung: number): string => `trials/${trialId}/${rung}`

/** cut.json: trials of a round's list from this place on were given up, since fits had used up the budget. */
type Cut = { readonly from: number }

/** The rest of a budget is for reading, the last fit and the evaluation. */
const trialsShare = 0.6
/** As many as infra/run-definition.ts lets run. */
const trialsAtOnce = 4

/** By the time that fits took, not by the wall's: a run that lay still for an hour is not an hour older. */
const isOver = ({ budgetMs, trials }: RunSpec, { spentMs = 0 }: Run): boolean =>
  budgetMs !== undefined && spentMs / Math.min(trialsAtOnce, trials.length) > budgetMs * trialsShare

/**
 * Whether a trial that has not begun is left out because time is up. Only whole trials from the end of a round's list
 * are, never the first, and what was decided once stays so in every later attempt.
 */
export const isGivenUp =
  ({ findJson, keepJson }: { readonly findJson: FindJson; readonly keepJson: KeepJson }) =>
  async (run: Run, spec: RunSpec, listKey: string, cutKey: string, trialId: string): Promise<boolean> => {
    if (spec.budgetMs === undefined) return false
    const at = (await findJson<readonly string[]>(listKey))?.indexOf(trialId) ?? 0
    const known = await findJson<Cut>(cutKey)
    if (known) return at >= known.from
    if (at === 0 || !isOver(spec, run)) return false
    return at >= (await keepJson(cutKey, async (): Promise<Cut> => ({ from: at }))).from
  }

/** The trials of a round that were not given up, in their order; no more of them are from now on. */
export const keptTrials =
  ({ keepJson }: { readonly keepJson: KeepJson }) =>
  async (list: readonly string[], cutKey: string): Promise<readonly string[]> => {
    const { from } = await keepJson(cutKey, async (): Promise<Cut> => ({ from: list.length }))
    return list.slice(0, from)
  }

/** Above it the trials of a round run in a distributed Map: an inline one keeps all its history in the run's execution. */
const mostInline = 40

/** A round for the machine: few trials by their ids, many by the key of their list. */
export const roundOf = (rung: number, itemsKey: string, list: readonly string[]) => ({
  rung,
  itemsKey,
  map: list.length > mostInline ? ('distributed' as const) : ('inline' as const),
  trialIds: list.length > mostInline ? [] : list,
})

/** The scores of some trials in a round, in their order. */
export const readScores =
  ({ readJson }: { readonly readJson: <Value>(key: string) => Promise<Value> }) =>
  (runFolder: string, trialIds: readonly string[], rung: number): Promise<readonly TrialScore[]> =>
    Promise.all(trialIds.map((id) => readJson<TrialScore>(`${runFolder}/${trialPath(id, rung)}/score.json`)))

/** What the owner is told of trials that were given up or failed. */
export const roundNotices = (list: readonly string[], scores: readonly TrialScore[]): readonly string[] => {
  const givenUp = list.slice(scores.length)
  const failed = scores.filter(({ failure }) => failure !== undefined)
  return [
    ...(givenUp.length > 0 ? [`${givenUp.join(', ')} given up: the budget was used up`] : []),
    ...failed.map(({ trialId, algorithm, failure }) => `${trialId} (${algorithm}) failed: ${failure?.cause}`),
  ]
}

type EndRun = (
  id: string,
  attempt: number,
  end: { readonly state: RunState; readonly failure: Failure },
) => Promise<unknown>

/** Ends a run of which every trial failed by the first one's failure, and throws it. */
export const requireTrial =
  ({ endRun }: { readonly endRun: EndRun }) =>
  async ({ id, attempt }: Run, scores: readonly TrialScore[]): Promise<void> => {
    const first = scores[0]?.failure
    if (first === undefined || scores.some(({ failure }) => failure === undefined)) return
    await endRun(id, attempt, { state: 'failed', failure: first })
    throw new PercallError(first.code, first.cause)
  }
