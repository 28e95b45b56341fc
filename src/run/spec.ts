import type { Codec } from '../dataset/codec.ts'
import { type ColumnProfile, decideCodec } from '../dataset/profile.ts'
import type { Split } from '../dataset/split.ts'
import { PercallError } from '../errors.ts'
import { estimators } from '../estimators/list.ts'
import { release } from '../release.ts'
import type { Preprocess } from '../transformers/pipeline.ts'
import type { ChooseInput } from './blend/choose.ts'
import { checkMonotone } from './check-monotone.ts'
import { type ClassWeight, planClassWeight } from './class-weights.ts'
import type { EngineChoice } from './engine/engine.ts'
import { fitShape } from './engine/fit-shape.ts'
import type { FittedModel } from './export.ts'
import { checkTask } from './fits-task.ts'
import { mostClasses, type RunProfile } from './inspect.ts'
import type { GateRule } from './judge/gate.ts'
import { planTrials, type Trial, type Wishes } from './plan.ts'
import { budgetMsOf, gapSecondsOf, thresholdRuleOf } from './request.ts'
import type { Run } from './run.ts'
import { splitOf } from './split-of.ts'
import { planTarget, type TargetPlan } from './task.ts'
import type { TrainedModel } from './trained.ts'
import type { FitShape } from './trials/cost-model.ts'
import { oneFoldRows } from './trials/folds.ts'
import type { Rung } from './trials/halving.ts'

export type { Trial } from './plan.ts'

/** spec.json: all that decides the result. The same spec and data give the same model. */
export type RunSpec = {
  readonly schema: 1
  readonly percall: string
  readonly model: string
  readonly dataset: string
  readonly datasetVersion: number
  readonly target: ColumnProfile
  readonly plan: TargetPlan
  readonly codec: Codec
  readonly preprocess: Preprocess
  /** In the order in which they are given up when time is short: the last first. */
  readonly trials: readonly Trial[]
  /** The rounds of halving; the last one fits in full. */
  readonly rungs: readonly Rung[]
  /** Expected time of the fit on all train rows. */
  readonly refitMs: number
  /** What the trials were planned for; only a budget that was asked for gives trials up. */
  readonly budgetMs?: number
  readonly shape: FitShape
  readonly split: Split
  /** The column of each row's weight. */
  readonly weight?: string
  readonly classWeight?: ClassWeight
  /** What the choice among trials and the gate go by. */
  readonly choice: NonNullable<ChooseInput['request']>
  readonly folds: number
  readonly gate: GateRule
  readonly seed: number
  readonly promote: boolean
  /** Where its fits run; it decides nothing of the result. */
  readonly engine?: EngineChoice
}

const folds = 5

/** Task, trials with their hyperparameters, codec and split of a run. Throws BAD_RUN, UNKNOWN_TARGET, BAD_TABLE. */
export const planRun = (run: Run, { profile, targetCells }: RunProfile): RunSpec => {
  const { request, model, dataset, datasetVersion } = run
  const split = splitOf(request.split, profile, gapSecondsOf(request))
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

/** Throws INTERNAL when the plan has no such trial. */
export const trialById = ({ trials }: RunSpec, id: string): Trial => {
  const trial = trials.find((candidate) => candidate.id === id)
  if (trial) return trial
  throw new PercallError('INTERNAL', `trial ${id}: expected one of ${trials.map((one) => one.id).join(', ')}`)
}

/** All that the export needs of a spec and what was fitted. */
export const fittedModel = (spec: RunSpec, trained: TrainedModel): FittedModel => {
  const { codec, plan, percall, target } = spec
  const kind = target.codec?.kind
  if (kind === undefined) throw new PercallError('INTERNAL', `target ${target.name}: expected its kind in the spec`)
  return { codec, trained, target: { name: target.name, kind }, plan, percall }
}
