/** A resource of the Storage stack, or part of a bucket. */
export type Target =
  | 'registry'
  | 'ledger'
  | 'key'
  | 'machine'
  | 'executions'
  | 'batchMachine'
  | 'batchExecutions'
  | 'bus'
  | 'deadLetters'
  | 'probe'
  | 'predictLarge'
  | 'calls'
  | 'reconcile'
  | 'callFailed'
  | 'registerMachine'
  | 'artifacts'
  | 'data'
  | `artifacts/${string}`
  | `data/${string}`

export type Grant = { readonly on: Target; readonly actions: readonly string[] }
