/** The shapes of a checked definition (JSONata only). Types, no behaviour. https://states-language.net/spec.html */

export type Definition = {
  readonly StartAt: string
  readonly States: Readonly<Record<string, State>>
  readonly TimeoutSeconds?: number
}

export type Retrier = {
  readonly ErrorEquals: readonly string[]
  readonly IntervalSeconds?: number
  readonly MaxAttempts?: number
  readonly BackoffRate?: number
  readonly MaxDelaySeconds?: number
  readonly JitterStrategy?: 'FULL' | 'NONE'
}

export type Catcher = Templates & { readonly ErrorEquals: readonly string[]; readonly Next: string }

type Templates = { readonly Output?: unknown; readonly Assign?: Readonly<Record<string, unknown>> }

type Common = Templates & {
  readonly Next?: string
  readonly End?: boolean
  readonly Retry?: readonly Retrier[]
  readonly Catch?: readonly Catcher[]
}

export type TaskState = Common & {
  readonly Type: 'Task'
  readonly Resource: string
  readonly Arguments?: unknown
  readonly TimeoutSeconds?: unknown
}
export type ParallelState = Common & {
  readonly Type: 'Parallel'
  readonly Branches: readonly Definition[]
  readonly Arguments?: unknown
}
export type MapState = Common & {
  readonly Type: 'Map'
  readonly Items?: unknown
  readonly ItemReader?: {
    readonly Resource: string
    readonly Arguments?: unknown
    readonly ReaderConfig?: ReaderConfig
  }
  readonly ItemSelector?: unknown
  readonly ItemBatcher?: {
    readonly MaxItemsPerBatch?: unknown
    readonly MaxInputBytesPerBatch?: unknown
    readonly BatchInput?: unknown
  }
  readonly ItemProcessor: Definition & {
    readonly ProcessorConfig?: { readonly Mode?: 'INLINE' | 'DISTRIBUTED'; readonly ExecutionType?: string }
  }
  readonly ResultWriter?: {
    readonly Resource?: string
    readonly Arguments?: unknown
    readonly WriterConfig?: { readonly OutputType?: 'JSON' | 'JSONL'; readonly Transformation?: string }
  }
  readonly MaxConcurrency?: unknown
  readonly ToleratedFailureCount?: unknown
  readonly ToleratedFailurePercentage?: unknown
  readonly Label?: string
}
export type ReaderConfig = {
  readonly InputType?: 'JSON' | 'JSONL' | 'CSV'
  readonly MaxItems?: unknown
  readonly CSVHeaderLocation?: 'FIRST_ROW' | 'GIVEN'
  readonly CSVHeaders?: readonly string[]
  readonly CSVDelimiter?: string
}
export type ChoiceState = Common & {
  readonly Type: 'Choice'
  readonly Choices: readonly (Templates & { readonly Condition: string; readonly Next: string })[]
  readonly Default?: string
}
export type WaitState = Common & { readonly Type: 'Wait'; readonly Seconds?: unknown; readonly Timestamp?: unknown }
export type FailState = Common & { readonly Type: 'Fail'; readonly Error?: unknown; readonly Cause?: unknown }
export type State =
  | TaskState
  | ParallelState
  | MapState
  | ChoiceState
  | WaitState
  | FailState
  | (Common & { readonly Type: 'Pass' | 'Succeed' })
