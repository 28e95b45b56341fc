import type { Principal } from './principal.ts'

type User = Pick<Principal, 'consumerId' | 'keyId'>

/** Keeps that a key was used on a day. Never throws: a day that is missed is made up for by the next environment. */
export type PutKeyUse = (user: User, day: string) => Promise<void>

type Ports = { readonly nowMs: () => number; readonly putKeyUse: PutKeyUse }

const mostKept = 10_000

/** Notes the day (UTC) of a key's use, once a day in this environment; undefined where it is noted. Has a life. */
export const createKeyUses = ({ nowMs, putKeyUse }: Ports) => {
  const noted = new Set<string>()
  let day = ''
  let dayEndsMs = Number.NEGATIVE_INFINITY
  return ({ consumerId, keyId }: User): Promise<void> | undefined => {
    const now = nowMs()
    if (now >= dayEndsMs) {
      day = new Date(now).toISOString().slice(0, 'YYYY-MM-DD'.length)
      dayEndsMs = Date.parse(day) + 86_400_000
      noted.clear()
    }
    if (noted.has(keyId)) return undefined
    if (noted.size >= mostKept) noted.clear()
    noted.add(keyId)
    return putKeyUse({ consumerId, keyId }, day)
  }
}
