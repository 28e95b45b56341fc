import type { ErrorCode } from '../errors.ts'
import type { RunRequest } from './request.ts'

export type RunState = 'queued' | 'running' | 'succeeded' | 'rejected' | 'failed' | 'cancelled'

/** The states of the machine in the order of infra/training.ts. */
export type RunStep = 'inspect' | 'plan' | 'prepare' | 'fit' | 'export' | 'evaluate' | 'gate' | 'register' | 'promote'

export type Task = 'regression' | 'binary' | 'multiclass'

export type Algorithm = 'linear' | 'logistic' | 'mlp' | 'gbdt' | 'forest'

/** Iterations done of those planned, and the loss at the start of the last one. */
export type Progress = { readonly done: number; readonly of: number; readonly loss?: number }

/** What one trial reached; loss is log-loss or RMSE of the exported graph on the rows that `on` names. */
export type LeaderboardLine = {
  readonly trialId: string
  readonly algorithm: Algorithm
  readonly metric: 'logLoss' | 'rmse'
  readonly loss: number
  readonly on: 'test' | 'training'
  readonly sizeBytes: number
  readonly fitMs: number
}

/** What a run reports while it goes on; `sequence` counts from 1. */
export type RunEvent = { readonly sequence: number; readonly atMs: number } & (
  | { readonly kind: 'step'; readonly step: RunStep }
  | { readonly kind: 'notice'; readonly text: string }
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
  /** Hash of all that decides the result: a request with the same one joins this run while it is open or succeeded. */
  readonly same: string
  /** How many events it has. */
  readonly events: number
  readonly state: RunState
  readonly attempt: number
  readonly step?: RunStep
  readonly progress?: Progress
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
