import type { EngineChoice } from '../src/run/engine/engine-choice.ts'
import type { Page } from './bodies.ts'
import type { Client } from './client.ts'
import type { PageQuery } from './paging.ts'
import type { RunReasonBody } from './triggers.ts'
import { sendUpload } from './uploads.ts'

// The service takes this much in one request; more goes to the store by itself.
const mostInlineBytes = 4 * 1024 * 1024

export type DatasetVersionBody = { readonly dataset: string; readonly version: number }

export type RunState = 'queued' | 'running' | 'succeeded' | 'rejected' | 'failed' | 'cancelled'

/** What a trial reached: the loss of its out-of-fold predictions, with their spread over the folds. */
export type TrialBody = {
  readonly trialId: string
  readonly algorithm: string
  readonly metric: string
  /** Absent where the trial could not be fitted: `failure` says why. */
  readonly loss?: number
  readonly failure?: string
  readonly spread?: number
  /** Of the answer that was chosen; absent for trials that are no part of it. */
  readonly weight?: number
  readonly iterations?: number
  readonly fitMs: number
  readonly sizeBytes?: number
  readonly latencyMs?: number
}

export type RunBody = {
  readonly id: string
  readonly model: string
  readonly dataset: string
  readonly state: RunState
  /** What started it by itself; absent where a person asked for it. */
  readonly reason?: RunReasonBody
  readonly step?: string
  /** Where it is fitted, once that is planned. */
  readonly engine?: EngineChoice
  readonly progress?: {
    readonly done: number
    readonly of: number
    readonly loss?: number
    readonly leftMs?: number
  }
  readonly failure?: { readonly code: string; readonly cause: string; readonly step: string }
  readonly gate?: { readonly verdict: string; readonly reason: string }
  readonly metrics?: Readonly<Record<string, number>>
  readonly leaderboard?: readonly TrialBody[]
  readonly version?: number
  /** Whether `live` was moved to the version. */
  readonly promoted?: boolean
  readonly target?: string
  readonly createdAt: string
  readonly endedAt?: string
}

type RunEventBody = { readonly kind: string; readonly text?: string }

/** What a run is asked for; docs/training.md lists the members. */
export type RunRequest = { readonly model: string; readonly dataset: string; readonly target: string } & Readonly<
  Record<string, unknown>
>

/** Adds a version to a dataset: in the request itself to 4 MB, else as an upload. */
export const addDatasetVersion = async (
  client: Client,
  dataset: string,
  contentType: string,
  bytes: Uint8Array,
): Promise<DatasetVersionBody> => {
  const path = `/api/datasets/${encodeURIComponent(dataset)}/versions`
  if (bytes.length <= mostInlineBytes)
    return (
      await client.request<DatasetVersionBody>('POST', path, { body: bytes, headers: { 'content-type': contentType } })
    ).body
  const upload = await sendUpload(client, contentType, bytes)
  return (await client.request<DatasetVersionBody>('POST', path, { body: { upload } })).body
}

/** `joined`: the same request was open or had succeeded, and this is its run. */
type RunBegunBody = { readonly id: string; readonly state: RunState; readonly joined: boolean }

/** Starts a run, or joins the one that the same request has begun. */
export const createRun = async ({ request }: Client, body: RunRequest): Promise<RunBegunBody> =>
  (await request<RunBegunBody>('POST', '/api/runs', { body })).body

export const getRun = async ({ request }: Client, id: string): Promise<RunBody> =>
  (await request<RunBody>('GET', `/api/runs/${encodeURIComponent(id)}`)).body

export const listRuns = async ({ request }: Client, query: PageQuery = {}): Promise<Page<'runs', RunBody>> =>
  (await request<Page<'runs', RunBody>>('GET', '/api/runs', { query })).body

export const cancelRun = async ({ request }: Client, id: string): Promise<void> => {
  await request('POST', `/api/runs/${encodeURIComponent(id)}/cancel`)
}

/** What a run told its owner beside its end: columns it left out, how it read the target. In order. */
export const runNotices = async ({ request }: Client, id: string): Promise<readonly string[]> => {
  const notices: string[] = []
  // `next` is there on the last page too, so an empty page ends the list.
  for (let after = '0'; ; ) {
    const path = `/api/runs/${encodeURIComponent(id)}/events`
    const { events, next } = (
      await request<{ events: readonly RunEventBody[]; next: string }>('GET', path, { query: { after } })
    ).body
    for (const { kind, text } of events) if (kind === 'notice' && text !== undefined) notices.push(text)
    if (events.length === 0) return notices
    after = next
  }
}
