import type { Compute } from '../../estimators/compute.ts'
import type { FitEvent, FitState, TrainingData } from '../../estimators/estimator.ts'
import { estimators } from '../../estimators/list.ts'
import type { Algorithm } from '../../task.ts'
import type { Pipeline } from '../../transformers/pipeline.ts'
import type { Progress } from '../run.ts'

/** Transformers fitted on some rows, and what an estimator learns from them. */
export type Opened = { readonly pipeline: Pipeline; readonly data: TrainingData }

/** One fit of those that belong together: a fold of a trial, or a member of the model. */
export type Part = {
  readonly name: string
  readonly algorithm: Algorithm
  readonly hyper: unknown
  /** How many rows it learns from. */
  readonly rows: number
  /** It pauses after so many iterations. */
  readonly until: number
  readonly open: () => Opened
}

/**
 * Where a part stands. `curve` holds [iteration, loss], thinned; `watched` the loss of the watched rows after 0, 1, 2, ...
 * iterations, where there are any. Plain JSON.
 */
export type PartFit = {
  readonly rows: number
  readonly state: FitState
  readonly curve: readonly (readonly [number, number])[]
  readonly watched?: readonly number[]
  readonly fitMs: number
}

/**
 * Where a list of parts stands: the first `ended` are done with this round; the next one may be under way, and what
 * follows is of the round before. Plain JSON.
 */
export type FitCheckpoint = { readonly ended: number; readonly fits: readonly PartFit[] }

export type FitPorts = {
  readonly nowMs: () => number
  /** When the fit must have stopped, by nowMs. */
  readonly deadlineMs: number
  /** Told about once a second with the time taken since; may throw to end the fit. */
  readonly report: (progress: Progress, tookMs: number) => Promise<void>
  /** Keeps a checkpoint in between, so that a function that dies loses a minute at most. */
  readonly save: (checkpoint: FitCheckpoint) => Promise<void>
  /** Keeps what is asked of a part that has ended. It may be told of the same part twice, with the same fit. */
  readonly keep: (part: number, opened: Opened, fit: PartFit) => Promise<void>
  readonly compute: Compute
}

/** How long an estimator runs between two reports. */
const sliceMs = 1000
const saveEveryMs = 60_000

export const nothingFitted: FitCheckpoint = { ended: 0, fits: [] }

/**
 * Fits part after part until all have ended or the deadline comes, from a checkpoint; at least one step each time.
 * Pauses change no bit of the result.
 */
export const fitParts =
  (ports: FitPorts) =>
  async (parts: readonly Part[], from: FitCheckpoint): Promise<FitCheckpoint> => {
    let checkpoint = from
    while (checkpoint.ended < parts.length) {
      checkpoint = await fitPart(ports, parts, checkpoint)
      if (ports.nowMs() >= ports.deadlineMs) break
    }
    return checkpoint
  }

const fitPart = async (
  ports: FitPorts,
  parts: readonly Part[],
  { ended, fits }: FitCheckpoint,
): Promise<FitCheckpoint> => {
  const { nowMs, deadlineMs, report, save, keep, compute } = ports
  const part = parts[ended]!
  const beganAtMs = nowMs()
  const opened = part.open()
  const fitting = await estimators[part.algorithm].open(part.hyper, opened.data, compute)
  const placed = (fit: PartFit): readonly PartFit[] => fits.toSpliced(ended, 1, fit)
  try {
    const known = fits[ended]
    // A round that learns from more rows than the one before begins anew.
    let fit: PartFit =
      known?.rows === part.rows ? known : { rows: part.rows, state: await fitting.start(), curve: [], fitMs: 0 }
    let savedAtMs = beganAtMs
    let countedAtMs = beganAtMs
    while (isUnderWay(part, fit)) {
      const pauseAtMs = Math.min(nowMs() + sliceMs, deadlineMs)
      const iterations = part.until - fit.state.iteration
      const { state, events } = await fitting.step(fit.state, { iterations, stop: () => nowMs() >= pauseAtMs })
      const tookMs = nowMs() - countedAtMs
      countedAtMs += tookMs
      const points = events.map(({ iteration, loss }) => [iteration, loss] as const)
      const watched = watchedBy(fit, events)
      fit = { ...fit, state, curve: thin([...fit.curve, ...points]), ...watched, fitMs: fit.fitMs + tookMs }
      await report(progressOf(parts, ended, placed(fit), events.at(-1)?.loss), tookMs)
      if (!isUnderWay(part, fit)) break
      if (nowMs() >= deadlineMs) return { ended, fits: placed(fit) }
      if (nowMs() - savedAtMs < saveEveryMs) continue
      await save({ ended, fits: placed(fit) })
      savedAtMs = nowMs()
    }
    await keep(ended, opened, fit)
    return { ended: ended + 1, fits: placed(fit) }
  } finally {
    await fitting.close()
  }
}

const mostWatched = 10_000

/** Not thinned: pauses must not change what it says. */
const watchedBy = ({ watched = [] }: PartFit, events: readonly FitEvent[]): Pick<PartFit, 'watched'> => {
  const more = events.flatMap(({ watchLoss }) => watchLoss ?? [])
  return watched.length + more.length === 0 ? {} : { watched: [...watched, ...more].slice(0, mostWatched) }
}

const isUnderWay = ({ until }: Part, { state }: PartFit): boolean =>
  state.status === 'fitting' && state.iteration < until

const progressOf = (
  parts: readonly Part[],
  ended: number,
  fits: readonly PartFit[],
  loss: number | undefined,
): Progress => {
  const { name, rows } = parts[ended]!
  const done = parts.map((_, at) => (at <= ended ? fits[at]!.state.iteration : 0))
  const of = parts.map((part, at) => (at < ended ? done[at]! : planned(part, fits[at])))
  const best = fits[ended]!.state.best?.loss
  return {
    done: done.reduce((sum, iterations) => sum + iterations, 0),
    of: of.reduce((sum, iterations) => sum + iterations, 0),
    part: name,
    rows,
    ...(loss !== undefined && { loss }),
    ...(best !== undefined && { best }),
  }
}

/** Iterations of a part: what it took, or else at most will take. */
const planned = ({ hyper, until }: Part, fit: PartFit | undefined): number => {
  const iteration = fit?.state.iteration ?? 0
  if (fit?.state.status === 'done') return iteration
  const { iterations = 1 } = hyper as { readonly iterations?: number } // estimators that iterate have it
  return Math.max(Math.min(iterations, until), iteration)
}

const mostPoints = 500

const thin = (curve: PartFit['curve']): PartFit['curve'] => {
  const every = Math.ceil(curve.length / mostPoints)
  return curve.filter((_, i) => i % every === 0 || i === curve.length - 1)
}

/** What a state keeps back of its time to write a checkpoint, and for rows that take long. */
const mostMarginMs = 30_000
const marginShare = 0.25

/** When a fit must stop, by the same clock as `nowMs`. */
export const fitDeadlineMs = (nowMs: number, remainingMs: number): number =>
  nowMs + remainingMs - Math.min(mostMarginMs, remainingMs * marginShare)
