import type { ErrorCode } from '../errors.ts'
import type { MetricName } from '../metrics/metric.ts'
import type { Algorithm } from '../task.ts'
import type { EngineChoice } from './engine/engine-choice.ts'
import type { RunRequest } from './request.ts'

/** Why a run was considered; it stays on the run that it starts. Times are in ISO 8601, UTC. */
export type RunReason =
  | { readonly kind: 'dataset'; readonly key: string; readonly versionId?: string; readonly writtenAt: string }
  /** `missed` due times before it passed while nothing looked for them. */
  | { readonly kind: 'schedule'; readonly dueAt: string; readonly missed: number }

export type RunState = 'queued' | 'running' | 'succeeded' | 'rejected' | 'failed' | 'cancelled'

/** The states of the machine in the order of infra/run-definition.ts. */
export const runSteps = [
  'inspect',
  'plan',
  'prepare',
  'fit',
  'score',
  'halve',
  'choose',
  'refit',
  'export',
  'optimise',
  'evaluate',
  'gate',
  'register',
  'promote',
] as const

export type RunStep = (typeof runSteps)[number]

/** How far a fit is: iterations done of those planned, over all of its parts. */
export type Progress = {
  readonly done: number
  readonly of: number
  /** The loss at the start of the last iteration. */
  readonly loss?: number
  /** The least loss on the rows that are held back, of the part under way. */
  readonly best?: number
  /** What is fitted: `fold 2`, or a member of the model. */
  readonly part?: string
  /** Rows that the part learns from. */
  readonly rows?: number
  /** Until the run ends, by the cost model and the time that was taken so far. */
  readonly leftMs?: number
}

/** What one trial reached: its loss on rows that its fits did not see, or why there is none. */
export type LeaderboardLine = {
  readonly trialId: string
  readonly algorithm: Algorithm
  readonly metric: MetricName
  /** Absent when no fold could be fitted. */
  readonly loss?: number
  /** Standard deviation of the loss over the folds; absent with one fold. */
  readonly spread?: number
  readonly on: 'out-of-fold'
  /** The round of halving that it reached, from 0; those of the last one are fitted in full. */
  readonly rung: number
  /** Mean over the folds. */
  readonly iterations?: number
  readonly fitMs: number
  /** Of its exported graph. */
  readonly sizeBytes?: number
  /** Its share in the model; absent for a trial that was not chosen. */
  readonly weight?: number
  /** Median time of one row through the run's exported graph, measured; of chosen trials only. */
  readonly latencyMs?: number
  readonly failure?: string
}

/** What a run reports while it goes on; `sequence` counts from 1. */
export type RunEvent = { readonly sequence: number; readonly atMs: number } & (
  | { readonly kind: 'step'; readonly step: RunStep }
  | { readonly kind: 'notice'; readonly text: string }
  /** Where it is fitted, and what that is expected to take. */
  | { readonly kind: 'engine'; readonly text: string }
  | { readonly kind: 'progress'; readonly trialId: string; readonly progress: Progress }
  | { readonly kind: 'ended'; readonly state: RunState; readonly reason?: string }
)

export const isOpen = ({ state }: Pick<Run, 'state'>): boolean => state === 'queued' || state === 'running'

/** One training execution. Its artifacts lie under runs/{id}/ in the data bucket. */
export type Run = {
  readonly id: string
  readonly model: string
  readonly dataset: string
  readonly datasetVersion: number
  readonly target: string
  readonly request: RunRequest
  /** What started it by itself; absent where a person asked for it. */
  readonly reason?: RunReason
  /** Hash of all that decides the result: a request with the same one joins this run while it is open or succeeded. */
  readonly same: string
  /** How many events it has. */
  readonly events: number
  readonly state: RunState
  readonly attempt: number
  readonly step?: RunStep
  /** Decided by plan. */
  readonly engine?: EngineChoice
  readonly progress?: Progress
  /** What all its fits took so far; it is the budget's clock, so that time in which nothing ran is not charged. */
  readonly spentMs?: number
  readonly createdAtMs: number
  readonly endedAtMs?: number
  /** How a failed run ended: its code, cause and step. */
  readonly failure?: { readonly code: ErrorCode; readonly cause: string; readonly step: RunStep }
  readonly gate?: { readonly verdict: 'passed' | 'rejected'; readonly reason: string }
  readonly metrics?: Readonly<Record<string, number>>
  readonly leaderboard?: readonly LeaderboardLine[]
  readonly version?: number
  /** Whether `live` was moved to the version. */
  readonly promoted?: boolean
}
