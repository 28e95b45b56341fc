import { type CallOptions, factsOf, type Question, sendQuestion, textOf } from './ask.ts'
import type { CallBody, CallFacts, Page } from './bodies.ts'
import type { Answer, Client } from './client.ts'
import { newKey } from './idempotency-key.ts'
import type { PageQuery } from './paging.ts'
import { untilEnded, type WaitOptions } from './wait.ts'

const pathOf = (id: string): string => `/v1/calls/${encodeURIComponent(id)}`

/** The calling consumer's own calls that are answered later, newest first. */
export const listCalls = async ({ request }: Client, query: PageQuery = {}): Promise<Page<'calls', CallBody>> =>
  (await request<Page<'calls', CallBody>>('GET', '/v1/calls', { query })).body

export const getCall = async ({ request }: Client, id: string): Promise<CallBody> =>
  (await request<CallBody>('GET', pathOf(id))).body

/** Ends a call before its time; nothing is charged. Throws CALL_ENDED when it is too late. */
export const cancelCall = async ({ request }: Client, id: string): Promise<CallBody> =>
  (await request<CallBody>('POST', `${pathOf(id)}/cancel`, { idempotencyKey: newKey() })).body

// A result of 64 MB at 10 Mbit/s.
const resultTimeoutMs = 2 * 60_000

/** The answer that a call would have had at once, as it came. Throws what a failed call failed with. */
export const callResult = async ({ request }: Client, id: string, signal?: AbortSignal): Promise<Answer<Uint8Array>> =>
  await request<Uint8Array>('GET', `${pathOf(id)}/result`, { as: 'bytes', timeoutMs: resultTimeoutMs, signal })

/** Looks at a call until it has ended, whatever its end. */
export const waitForCall = async (client: Client, id: string, options: WaitOptions<CallBody> = {}): Promise<CallBody> =>
  await untilEnded(client, options, async (signal) => {
    const { body, headers } = await client.request<CallBody>('GET', pathOf(id), { signal })
    return { body, headers, ended: body.state !== 'queued' && body.state !== 'running' }
  })

/** A call that is answered later. Its id is enough to come back to it from elsewhere, for 2 days. */
export type Call<Result> = {
  readonly id: string
  readonly status: () => Promise<CallBody>
  /** The answer, once it is there. Throws what a failed or cancelled call ended with. */
  readonly wait: (options?: WaitOptions<CallBody>) => Promise<Result>
  /** Throws CALL_ENDED when it is too late. */
  readonly cancel: () => Promise<CallBody>
}

/** Sends a call to be answered later: it may take 15 minutes, and answer more than the gateway takes. */
export const submit = async <Result extends object>(
  client: Client,
  question: Question<Result>,
  options: CallOptions = {},
): Promise<Call<Result & CallFacts>> => {
  const accepted = await sendQuestion(client, question, options, { prefer: 'respond-async' })
  // docs/http.md gives the body of a 202.
  const { id } = JSON.parse(textOf(accepted)) as CallBody
  return {
    id,
    status: () => getCall(client, id),
    cancel: () => cancelCall(client, id),
    wait: async (waiting = {}) => {
      const call = await waitForCall(client, id, waiting)
      const answer = await callResult(client, id, waiting.signal)
      return { ...question.read(answer), ...factsOf(answer, call) }
    },
  }
}
