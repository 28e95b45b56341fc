import type { Admission, Charge, Usage } from './call.ts'
import type { Principal } from './principal.ts'

/** Names in lower case, as the gateway gives them. */
export type RequestHeaders = Readonly<Record<string, string | undefined>>

/** Who calls, from the headers alone. Throws KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED. */
export type Authenticate = (headers: RequestHeaders) => Promise<Principal>

/** Fixes the time, hour and price of one call. Makes no network call when the hour and price are known. */
export type Admit = (principal: Principal, model: string) => Promise<Admission>

/** Writes the usage row that makes a call accepted. Throws OUTCOME_UNKNOWN. Does not deduplicate callers' retries. */
export type Settle = (admission: Admission, usage: Usage) => Promise<Charge>
