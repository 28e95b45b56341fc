import type { Codec } from '../dataset/codec.ts'
import type { ColumnProfile } from '../dataset/profile.ts'
import type { Split } from '../dataset/split.ts'
import { PercallError } from '../errors.ts'
import type { Preprocess } from '../transformers/pipeline.ts'
import type { ChooseInput } from './blend/choose.ts'
import type { ClassWeight } from './class-weights.ts'
import type { EngineChoice } from './engine/engine-choice.ts'
import type { FittedModel } from './export.ts'
import { heldOutBy } from './held-out.ts'
import type { GateRule } from './judge/gate.ts'
import type { TargetPlan } from './task.ts'
import type { TrainedModel } from './trained.ts'
import type { FitShape } from './trials/cost-model.ts'
import type { Rung } from './trials/halving.ts'
import type { Trial } from './trials/trial.ts'

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

/** Throws INTERNAL when the plan has no such trial. */
export const trialById = ({ trials }: RunSpec, id: string): Trial => {
  const trial = trials.find((candidate) => candidate.id === id)
  if (trial) return trial
  throw new PercallError('INTERNAL', `trial ${id}: expected one of ${trials.map((one) => one.id).join(', ')}`)
}

/** All that the export needs of a spec and what was fitted. */
export const fittedModel = (spec: RunSpec, trained: TrainedModel): FittedModel => {
  const { codec, plan, percall, split, target } = spec
  if (target.codec === undefined)
    throw new PercallError('INTERNAL', `target ${target.name}: expected its codec in the spec`)
  const { kind } = target.codec
  const heldOut = heldOutBy(split)
  const predicted = { name: target.name, kind, codec: target.codec }
  return { codec, trained, target: predicted, plan, percall, ...(heldOut && { heldOut }) }
}
