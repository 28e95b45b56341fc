import type { Compute } from '../estimators/compute.ts'
import type { FitState, TrainingData } from '../estimators/estimator.ts'
import { estimators } from '../estimators/list.ts'
import { applyPipeline, fitPipeline, type Pipeline } from '../transformers/pipeline.ts'
import type { Link } from './link.ts'
import type { Prepared } from './prepared.ts'
import type { Progress } from './run.ts'
import type { RunSpec, Trial } from './spec.ts'
import { type TrainedModel, trainedUntilOf } from './trained.ts'

/** checkpoints/{n}.json: where a fit stands. `curve` holds [iteration, loss], thinned. */
export type Checkpoint = {
  readonly state: FitState
  readonly curve: readonly (readonly [number, number])[]
  readonly fitMs: number
}

/** The design matrix of some rows, with transformers fitted on them. */
export const trainingDataOf = (spec: RunSpec, part: Prepared): { pipeline: Pipeline; data: TrainingData } => {
  const pipeline = fitPipeline(spec.codec, spec.preprocess, part.tensors)
  const classes = spec.plan.classes === null ? {} : { classes: spec.plan.classes.length }
  return { pipeline, data: { X: applyPipeline(pipeline, part.tensors), y: part.y, ...classes } }
}

export type FitPorts = {
  readonly nowMs: () => number
  /** When the fit must have stopped, by nowMs. */
  readonly deadlineMs: number
  /** Told about once a second and at the end; may throw to end the fit. */
  readonly report: (progress: Progress) => Promise<void>
  readonly compute: Compute
}

/** How long the estimator runs between two reports. */
const sliceMs = 1000

/**
 * Fits a trial until it is done or the deadline comes, from a checkpoint or from the start; at least one iteration each
 * time. Pauses change no bit of the result.
 */
export const fitTrial =
  ({ nowMs, deadlineMs, report, compute }: FitPorts) =>
  async ({ algorithm, hyper }: Trial, data: TrainingData, from?: Checkpoint): Promise<Checkpoint> => {
    const openedAtMs = nowMs()
    const fitting = await estimators[algorithm].open(hyper, data, compute)
    try {
      let checkpoint = from ?? { state: await fitting.start(), curve: [], fitMs: nowMs() - openedAtMs }
      while (checkpoint.state.status === 'fitting') {
        const beganAtMs = nowMs()
        const pauseAtMs = Math.min(beganAtMs + sliceMs, deadlineMs)
        const budget = { iterations: Number.POSITIVE_INFINITY, stop: () => nowMs() >= pauseAtMs }
        const { state, events } = await fitting.step(checkpoint.state, budget)
        const points = events.map(({ iteration, loss }) => [iteration, loss] as const)
        const fitMs = checkpoint.fitMs + nowMs() - beganAtMs
        checkpoint = { state, curve: thin([...checkpoint.curve, ...points]), fitMs }
        const loss = events.at(-1)?.loss
        await report({ done: state.iteration, of: planned(hyper, state), ...(loss !== undefined && { loss }) })
        if (nowMs() >= deadlineMs) break
      }
      return checkpoint
    } finally {
      await fitting.close()
    }
  }

/** Link of a trial's margins. */
export const linkOf = ({ plan }: Pick<RunSpec, 'plan'>, { algorithm, hyper }: Trial): Link => {
  if (plan.classes === null) return estimators[algorithm].link(hyper)
  return plan.classes.length === 2 ? 'logit' : 'softmax'
}

const mostPoints = 500

const thin = (curve: Checkpoint['curve']): Checkpoint['curve'] => {
  const every = Math.ceil(curve.length / mostPoints)
  return curve.filter((_, i) => i % every === 0 || i === curve.length - 1)
}

const planned = (hyper: unknown, { status, iteration }: FitState): number => {
  const { iterations } = hyper as { readonly iterations?: number } // estimators that iterate have it
  return status === 'done' ? iteration : Math.max(iterations ?? iteration, iteration)
}

/** What a state keeps back of its time to write a checkpoint, and for rows that take long. */
const mostMarginMs = 30_000
const marginShare = 0.25

/** When a fit must stop, by the same clock as `nowMs`. */
export const fitDeadlineMs = (nowMs: number, remainingMs: number): number =>
  nowMs + remainingMs - Math.min(mostMarginMs, remainingMs * marginShare)

/** The name of the checkpoint that follows another. */
export const checkpointAfter = (key: string | null): string => {
  const number = Number(/checkpoints\/(\d+)\.json$/.exec(key ?? '')?.[1] ?? 0)
  return `checkpoints/${number + 1}.json`
}

/** The model of a fit that is done, by itself. */
export const trainedModel = (
  spec: Pick<RunSpec, 'plan'>,
  trial: Trial,
  pipeline: Pipeline,
  { state, curve, fitMs }: Checkpoint,
  times?: Float64Array,
): TrainedModel => {
  const { id: trialId, algorithm, hyper } = trial
  const model = estimators[algorithm].model(state)
  return {
    members: [{ trialId, algorithm, hyper, pipeline, model, weight: 1, link: linkOf(spec, trial) }],
    curve,
    fitMs,
    ...trainedUntilOf(times),
  }
}
