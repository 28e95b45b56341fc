import type { Limited } from '../../src/access/limits.ts'
import type { Principal } from '../../src/access/principal.ts'
import type { Passage } from '../../src/access/rate-limit.ts'
import { rateLimitHeaders, secondsUntil } from '../../src/access/rate-limit-headers.ts'
import { PercallError } from '../../src/errors.ts'

/** Headers of the answer, and what is to be done before it leaves. */
type Entered = { readonly headers: Readonly<Record<string, string>>; readonly leave: () => Promise<void> }

export type Entrance =
  | ({ readonly kind: 'entered' } & Entered)
  | { readonly kind: 'refused'; readonly refusal: PercallError; readonly headers: Readonly<Record<string, string>> }

/** What happens to a request between its key and its body; undefined where nothing does, as for nearly all. */
export type Enter = (principal: Principal) => Promise<Entrance> | undefined

type Ports = {
  readonly limit: (limited: readonly Limited[]) => Promise<Passage>
  /** Notes that the key was used; undefined where it is noted. */
  readonly noteUse: (principal: Principal) => Promise<void> | undefined
}

const refused = ({ by, states, retryMs }: Extract<Passage, { readonly kind: 'refused' }>): Entrance => {
  const { name, quota, windowMs } = by
  const expected =
    windowMs === undefined ? `${quota} requests at once` : `${quota} requests in ${secondsUntil(windowMs)} s`
  const retryAfter = secondsUntil(retryMs)
  return {
    kind: 'refused',
    refusal: new PercallError(
      'TOO_MANY_REQUESTS',
      `limit ${name}: expected at most ${expected}, got one more; free again in ${retryAfter} s`,
    ),
    headers: { 'retry-after': String(retryAfter), ...rateLimitHeaders(states) },
  }
}

const nothing = {}

const entrance = async ({ limit }: Ports, limited: readonly Limited[], noting: Promise<void> | undefined) => {
  const passage = await limit(limited).catch(async (thrown: unknown) => {
    await noting
    throw thrown
  })
  if (passage.kind === 'refused') {
    await noting
    return refused(passage)
  }
  const leave = async (): Promise<void> => {
    await Promise.all([noting, passage.leave()])
  }
  return { kind: 'entered', headers: rateLimitHeaders(passage.states), leave } as const
}

/** Limits and the day of last use. The use is noted beside the request, and awaited before its answer leaves. */
export const enter =
  (ports: Ports): Enter =>
  (principal) => {
    const noting = ports.noteUse(principal)
    const { limited } = principal
    if (limited) return entrance(ports, limited, noting)
    return noting && Promise.resolve({ kind: 'entered', headers: nothing, leave: () => noting })
  }
