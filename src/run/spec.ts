import type { Codec } from '../dataset/codec.ts'
import { type ColumnProfile, decideCodec } from '../dataset/profile.ts'
import type { SplitMethod } from '../dataset/split.ts'
import { PercallError } from '../errors.ts'
import { estimators } from '../estimators/list.ts'
import { release } from '../release.ts'
import type { Preprocess } from '../transformers/pipeline.ts'
import type { FittedModel } from './export.ts'
import type { GateRule } from './gate.ts'
import { mostClasses, type RunProfile } from './inspect.ts'
import type { Algorithm, Run } from './run.ts'
import { planTarget, type TargetPlan } from './task.ts'
import type { TrainedModel } from './trained.ts'

export type Trial = { readonly id: string; readonly algorithm: Algorithm; readonly hyper: unknown }

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
  readonly trials: readonly Trial[]
  readonly split: { readonly method: SplitMethod; readonly key?: string }
  readonly folds: number
  readonly gate: GateRule
  readonly seed: number
  readonly promote: boolean
}

const folds = 5

/** Task, algorithm with its hyperparameters, codec and split of a run. Throws BAD_RUN, UNKNOWN_TARGET, BAD_TABLE. */
export const planRun = (run: Run, { profile, targetCells }: RunProfile): RunSpec => {
  const { request, model, dataset, datasetVersion } = run
  const codec = decideCodec(profile, request.target)
  // decideCodec refuses a target that the profile lacks.
  const target = profile.columns.find(({ name }) => name === request.target)!
  const { task, positive } = request
  const plan = planTarget(target, targetCells, { ...(task && { task }), ...(positive !== undefined && { positive }) })
  if (plan.classes !== null && targetCells.length > mostClasses)
    throw new PercallError(
      'BAD_RUN',
      `target ${target.name}: expected at most ${mostClasses} classes, got more; name another target or task regression`,
    )
  const { method, key } = request.split
  return {
    schema: 1,
    percall: release,
    model,
    dataset,
    datasetVersion,
    target,
    plan,
    codec,
    preprocess: request.preprocess,
    trials: [trialOf(run, plan)],
    split: { method, ...(key !== undefined && { key }) },
    folds,
    gate: request.gate,
    seed: request.seed,
    promote: request.promote,
  }
}

const trialOf = ({ request }: Run, { task }: TargetPlan): Trial => {
  const [asked = 'auto'] = request.algorithms
  const algorithm = asked === 'auto' ? (task === 'regression' ? 'linear' : 'logistic') : asked
  const { tasks, hyper } = estimators[algorithm]
  if (!tasks.includes(task))
    throw new PercallError(
      'BAD_RUN',
      `algorithms ${algorithm}, target ${request.target}: expected task ${tasks.join(' or ')}, got ${task}`,
    )
  return { id: 't1', algorithm, hyper: hyper(request.parameters[algorithm]) }
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
