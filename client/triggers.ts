import type { Page } from './bodies.ts'
import type { Client } from './client.ts'
import type { PageQuery } from './paging.ts'

/** Why a run was started, or considered, by itself. Times are in UTC. */
export type RunReasonBody =
  | { readonly kind: 'dataset'; readonly key: string; readonly versionId?: string; readonly writtenAt: string }
  | { readonly kind: 'schedule'; readonly dueAt: string; readonly missed: number }

/** What a run is asked for, without its model and dataset version; docs/training.md lists the members. */
export type TriggerRun = { readonly dataset: string; readonly target: string } & Readonly<Record<string, unknown>>

export type TriggerRequest = {
  readonly run: TriggerRun
  readonly onDataset?: boolean
  readonly schedule?: string
  readonly enabled?: boolean
}

export type TriggerBody = {
  readonly model: string
  readonly run: TriggerRun
  readonly onDataset: boolean
  readonly schedule?: string
  readonly nextDueAt?: string
  readonly enabled: boolean
  readonly createdAt: string
}

export type DecisionBody = { readonly id: string; readonly at: string; readonly reason: RunReasonBody } & (
  | { readonly kind: 'start'; readonly runId: string; readonly datasetVersion: number }
  | { readonly kind: 'skip'; readonly skip: string; readonly why: string }
)

const pathOf = (model: string): string => `/api/triggers/${encodeURIComponent(model)}`

/** Sets what starts a model's runs by itself. */
export const putTrigger = async ({ request }: Client, model: string, body: TriggerRequest): Promise<TriggerBody> =>
  (await request<TriggerBody>('PUT', pathOf(model), { body })).body

export const getTrigger = async ({ request }: Client, model: string): Promise<TriggerBody> =>
  (await request<TriggerBody>('GET', pathOf(model))).body

export const listTriggers = async (
  { request }: Client,
  query: PageQuery = {},
): Promise<Page<'triggers', TriggerBody>> =>
  (await request<Page<'triggers', TriggerBody>>('GET', '/api/triggers', { query })).body

export const deleteTrigger = async ({ request }: Client, model: string): Promise<void> => {
  await request('DELETE', pathOf(model))
}

/** Newest first. */
export const listDecisions = async (
  { request }: Client,
  model: string,
  query: PageQuery = {},
): Promise<Page<'decisions', DecisionBody>> =>
  (await request<Page<'decisions', DecisionBody>>('GET', `${pathOf(model)}/decisions`, { query })).body
