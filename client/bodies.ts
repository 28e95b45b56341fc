/** Bodies of the service's answers, as the client and the command line read them. */

import type { OptimisationBody } from './optimisation-body.ts'

export type Page<Name extends string, Item> = { readonly [name in Name]: readonly Item[] } & { readonly next?: string }

export type ModelBody = {
  readonly name: string
  readonly title?: string
  readonly task?: string
  readonly createdAt: string
  readonly lastVersion: number
  /** Version by alias. */
  readonly aliases: Readonly<Record<string, number>>
}

export type TensorBody = { readonly name: string; readonly datatype: string; readonly shape: readonly number[] }

export type VersionBody = {
  readonly name: string
  readonly version: number
  readonly digest: string
  readonly sizeBytes: number
  readonly inputs: readonly TensorBody[]
  readonly outputs: readonly TensorBody[]
  readonly createdAt: string
  readonly metrics?: Readonly<Record<string, number>>
  readonly lineage:
    | { readonly origin: 'push' }
    | { readonly origin: 'run'; readonly runId: string }
    | { readonly origin: 'optimised'; readonly version: number; readonly registrationId: string }
  /** What was measured of variants of its graph, where that was asked for. */
  readonly optimisation?: OptimisationBody
  readonly aliases?: readonly string[]
  /** Digests of what lies beside the model, where there is one. */
  readonly manifestDigest?: string
  readonly cardDigest?: string
  readonly cardMarkdownDigest?: string
  /** Path of what it says of itself as a whole; absent for a version that no run made. */
  readonly explanations?: string
  /** What running the file once showed; null for a version that was made without a probe. */
  readonly probe: ProbeBody | null
}

export type ProbeBody = {
  readonly isolation: 'inline' | 'child'
  readonly why?: string
  readonly loadMs: number
  readonly inferMs: number
  readonly peakMb: number
}

/** An uploaded file on its way to a version. */
export type RegistrationBody = {
  readonly id: string
  readonly model: string
  readonly state: 'queued' | 'running' | 'succeeded' | 'failed'
  readonly step?: 'stage' | 'optimise' | 'probe' | 'publish'
  readonly version?: number
  readonly error?: { readonly code: string; readonly message: string; readonly hint: string; readonly step: string }
  readonly createdAt: string
  readonly endedAt?: string
}

export type PriceBody = {
  readonly id: string
  readonly unit: string
  readonly amount: string
  readonly minimumPerCall: string
  /** Units of a month that are to be free: kept for invoices, which there are none of yet. */
  readonly freePerMonth?: number
  /** Lower amounts for the month's units behind a number of them; kept for invoices as well. */
  readonly tiers?: readonly { readonly from: number; readonly amount: string }[]
  readonly currency: string
  /** null: since the model was made. */
  readonly from: string | null
}

export type PricesBody = {
  readonly model: string
  readonly price: PriceBody | null
  readonly prices: readonly PriceBody[]
}

export type BalanceBody = {
  readonly kind: 'prepaid' | 'capped' | 'free'
  readonly total: string
  readonly available: string
  readonly leased: string
  readonly spent: string
}

/** How often something may call. */
export type LimitsBody = { readonly perSecond?: number; readonly perMinute?: number; readonly concurrent?: number }

export type ConsumerBody = {
  readonly id: string
  readonly plan: string
  readonly grants: readonly string[]
  /** Of a change of them. */
  readonly grantsBefore?: readonly string[]
  readonly limits?: LimitsBody
  readonly stripeCustomer?: string
  readonly marketplaceCustomer?: string
  readonly createdAt: string
  /** Of one that was deleted, whose balances and credits stay readable. */
  readonly deletedAt?: string
  readonly capPerMonth?: string
  readonly freePerMonth?: string
  readonly balances?: readonly BalanceBody[]
}

export type CreditBody = {
  readonly id: string
  readonly amount: string
  readonly memo: string
  readonly actor: string
  readonly createdAt: string
}

export type KeyBody = {
  readonly id: string
  readonly name?: string
  readonly grants?: readonly string[]
  readonly scopes?: readonly string[]
  /** In CIDR notation. */
  readonly ipRanges?: readonly string[]
  readonly limits?: LimitsBody
  /** What it may spend in a month. */
  readonly limit?: string
  readonly createdAt: string
  /** A day in UTC. */
  readonly lastUsed?: string
  readonly expires?: string
  /** The key that took its place. */
  readonly rotatedTo?: string
  readonly revoked?: string
}

export type UsageSum = { readonly calls: number; readonly units: number; readonly cost: string }

export type UsageBody = {
  readonly from: string
  readonly to: string
  readonly currency: string
  readonly totals: UsageSum
  readonly by: readonly (UsageSum & Readonly<Record<string, string | number>>)[]
  readonly next?: string
}

export type MeBody = {
  readonly role: 'owner' | 'consumer'
  readonly consumer: string
  readonly plan: string
  readonly key: string
  readonly grants: readonly string[]
  readonly scopes?: readonly string[]
  readonly limits?: LimitsBody
  readonly balances: readonly BalanceBody[]
  readonly usage: UsageBody
}

/** What a body would cost, by list prices. */
export type QuoteBody = {
  readonly name: string
  readonly version: number
  readonly for: 'predict' | 'explain'
  readonly rows: number
  readonly tokens?: number
  readonly units: number
  readonly cost: string
  readonly currency: string
  /** Null where the call would be free. */
  readonly price: PriceBody | null
  /** What a consumer would pay: only with an owner's key, whose own calls are free, of a model that has a price. */
  readonly consumers?: { readonly units: number; readonly cost: string; readonly price: PriceBody }
  /** End of the hour that the price is of. */
  readonly until: string
}

/** A change, with what the thing was before and after; null where it was not there. */
export type AuditBody = {
  readonly id: string
  readonly at: string
  readonly actor: string
  readonly action: string
  readonly of: string
  readonly from: unknown
  readonly to: unknown
}

/** Of a model that was trained here; a pushed one may answer any nesting of arrays, and objects by output name. */
export type PredictionBody =
  | number
  | null
  | {
      readonly prediction: number | null
      /** The truth lies between both ends with probability `level`. */
      readonly interval: { readonly low: number | null; readonly high: number | null; readonly level: number }
    }
  | { readonly label: string | number | boolean; readonly probabilities: Readonly<Record<string, number | null>> }

/** What an answered call says in its headers. */
export type CallFacts = {
  readonly requestId: string | undefined
  /** `name/3`. */
  readonly version: string
  readonly units: number
  /** A decimal in the deployment's currency, exact. */
  readonly cost: string
  readonly cold: boolean
}

/** A call that is answered later. */
export type CallBody = {
  readonly id: string
  readonly state: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'
  readonly model: string
  readonly version: number
  readonly createdAt: string
  readonly startedAt?: string
  readonly endedAt?: string
  readonly units?: number
  readonly cost?: string
  /** Path of the answer. */
  readonly result?: string
  /** The refusal that a call answered at once would have had. */
  readonly error?: { readonly status: number; readonly code?: string; readonly detail?: string; readonly hint?: string }
}

/** Figures of calls; a time is null where there were none. */
export type CallFigures = {
  readonly calls: number
  readonly failed: number
  /** Calls by the code that they were refused with. */
  readonly errors: Readonly<Record<string, number>>
  readonly rows: number
  readonly coldStarts: number
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
  readonly meanQueueMs: number | null
  readonly meanInferMs: number | null
  readonly lastCallAt: string | null
}

export type StatsBody = {
  readonly name: string
  readonly window: string
  readonly since: string
  readonly totals: CallFigures
  readonly versions: readonly (CallFigures & { readonly version: number })[]
}

/** A figure of Triton's statistics extension. */
export type StatisticsBody = { readonly count: number; readonly ns: number }

export type ModelStatsBody = {
  readonly name: string
  readonly version: string
  /** Milliseconds since 1970. */
  readonly last_inference: number
  readonly inference_count: number
  readonly execution_count: number
  readonly inference_stats: Readonly<Record<string, StatisticsBody>>
}

export type BatchFormat = 'csv' | 'jsonl' | 'parquet'

/** A file of rows, as far as it is answered. */
export type BatchBody = {
  readonly id: string
  readonly state: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'
  readonly model: string
  readonly version: number
  readonly format: BatchFormat
  readonly output: 'csv' | 'jsonl'
  /** `rows` and `shards` once the file was split; `shardsDone` until the sums are there. */
  readonly progress: {
    readonly rows?: number
    readonly rowsSucceeded: number
    readonly rowsFailed: number
    readonly shards?: number
    readonly shardsDone?: number
  }
  readonly units: number
  /** Exact decimal. */
  readonly cost: string
  readonly failure?: { readonly code: string; readonly cause: string }
  readonly createdAt: string
  readonly endedAt?: string
}

/** A row that failed; rows count from 1, without the header. */
export type RowErrorBody = { readonly row: number; readonly code: string; readonly message: string }
