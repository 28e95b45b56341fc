import { decideCodec, type Profile } from '../dataset/profile.ts'
import type { Split } from '../dataset/split.ts'
import { PercallError } from '../errors.ts'
import { estimators } from '../estimators/list.ts'
import { release } from '../release.ts'
import { checkMonotone } from './check-monotone.ts'
import { planClassWeight } from './class-weights.ts'
import { fitShape } from './engine/fit-shape.ts'
import { checkTask } from './fits-task.ts'
import { contentColumns, type HeldOut } from './held-out.ts'
import { mostClasses, type RunProfile } from './inspect.ts'
import { planTrials, type Wishes } from './plan.ts'
import { budgetMsOf, gapSecondsOf, thresholdRuleOf } from './request.ts'
import type { Run } from './run.ts'
import type { RunSpec } from './spec.ts'
import { splitOf } from './split-of.ts'
import { planTarget } from './task.ts'
import { oneFoldRows } from './trials/folds.ts'

const folds = 5

/** Task, trials with their hyperparameters, codec and split of a run. Throws BAD_RUN, UNKNOWN_TARGET, BAD_TABLE. */
export const planRun = (run: Run, { profile, targetCells, heldOut }: RunProfile): RunSpec => {
  const { request, model, dataset, datasetVersion } = run
  const split = withContent(splitOf(request.split, profile, gapSecondsOf(request)), run, profile, heldOut)
  const apart = [split.group, request.weight].filter((name) => name !== undefined)
  const codec = decideCodec(profile, request.target, apart)
  // decideCodec refuses a target that the profile lacks.
  const target = profile.columns.find(({ name }) => name === request.target)!
  const { task, positive } = request
  const plan = planTarget(target, targetCells, {
    rows: profile.rows - target.missing,
    ...(task && { task }),
    ...(positive !== undefined && { positive }),
  })
  checkTask(request, plan.task, task === undefined ? target.name : undefined)
  if (plan.classes !== null && targetCells.length > mostClasses)
    throw new PercallError(
      'BAD_RUN',
      `target ${target.name}: expected at most ${mostClasses} classes, got more; name another target or task regression`,
    )
  if (request.parameters.gbdt !== undefined) checkMonotone(request.parameters.gbdt, codec, plan.classes?.length ?? 0)
  const wishes: Wishes = { ...request, budgetMs: budgetMsOf(request) }
  const shape = fitShape(profile, codec, plan, split.method)
  const fits = shape.rows > oneFoldRows ? 1 : folds
  const { trials, rungs, refitMs, notices } = planTrials(estimators, wishes, plan.task, shape, fits)
  return {
    schema: 1,
    percall: release,
    model,
    dataset,
    datasetVersion,
    target,
    plan: { ...plan, notices: [...plan.notices, ...notices] },
    codec,
    preprocess: request.preprocess,
    trials,
    rungs,
    refitMs,
    ...(wishes.budgetMs !== undefined && { budgetMs: wishes.budgetMs }),
    shape,
    split,
    ...(request.weight !== undefined && { weight: request.weight }),
    ...(request.classWeight !== undefined && { classWeight: planClassWeight(request.classWeight, plan) }),
    choice: choiceOf(request),
    folds,
    gate: request.gate,
    seed: request.seed,
    promote: request.promote,
  }
}

/** A split by content names its columns, so that a later run with other columns keeps each row on its side. */
const withContent = (split: Split, { request }: Run, { columns }: Profile, heldOut: HeldOut | undefined): Split => {
  const byContent = (split.method === 'random' || split.method === 'stratified') && split.key === undefined
  if (!byContent) return split
  const names = columns.map(({ name }) => name).filter((name) => name !== request.target && name !== request.weight)
  return { ...split, columns: contentColumns(names, heldOut) }
}

const choiceOf = (request: Run['request']): RunSpec['choice'] => {
  const { limits, ensemble, metric, interval, parameters, classWeight } = request
  const threshold = thresholdRuleOf(request)
  const quantile = Object.values(parameters).find((given) => given?.loss === 'quantile')?.quantile
  return {
    ...(limits && { limits }),
    ...(ensemble !== undefined && { ensemble }),
    ...(metric !== undefined && { metric }),
    ...(interval !== undefined && { interval }),
    ...(threshold && { threshold }),
    ...(classWeight !== undefined && { classWeights: true }),
    ...(typeof quantile === 'number' && { quantile }),
  }
}
