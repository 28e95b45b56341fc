import type { ErrorCode } from '../errors.ts'

export type RunState = 'queued' | 'running' | 'succeeded' | 'rejected' | 'failed' | 'cancelled'

/** The states of the machine in the order of infra/training.ts. */
export type RunStep = 'inspect' | 'plan' | 'prepare' | 'fit' | 'export' | 'evaluate' | 'gate' | 'register' | 'promote'

export type Task = 'regression' | 'binary' | 'multiclass'

export type Algorithm = 'linear' | 'logistic'

/** One training execution. Its artifacts lie under runs/{id}/ in the data bucket. */
export type Run = {
  readonly id: string
  readonly model: string
  readonly dataset: string
  readonly datasetVersion: number
  readonly state: RunState
  readonly attempt: number
  readonly step?: RunStep
  readonly progress?: { readonly done: number; readonly of: number; readonly loss?: number }
  readonly createdAtMs: number
  readonly endedAtMs?: number
  /** How a failed run ended: its code, cause and step. */
  readonly failure?: { readonly code: ErrorCode; readonly cause: string; readonly step: RunStep }
  readonly gate?: { readonly verdict: 'passed' | 'rejected'; readonly reason: string }
  readonly metrics?: Readonly<Record<string, number>>
  readonly version?: number
}
