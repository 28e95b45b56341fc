import type { Principal } from '../src/access/principal.ts'
import type { Scope } from '../src/access/scope.ts'
import type { CallInput } from '../src/call/async-call.ts'
import type { Call } from '../src/call/call.ts'
import type { RequestHeaders } from '../src/ports.ts'

export type Verb = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** A request whose route is known and whose key was checked. */
export type RouteRequest = {
  /** Path variables by name, decoded by the gateway. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly headers: RequestHeaders
  /** Raw bytes as the caller sent them; empty when there is no body. */
  readonly body: Uint8Array
  /** Never undefined behind `access: 'key'` and `access: 'owner'`. */
  readonly principal: Principal
  readonly requestId: string
  /** When the handler began, by performance.now(). */
  readonly beganAtMs: number
  /** Answers the call that a route makes of this request, where that is not done at once (functions/predict/calling.ts). */
  readonly ask?: (call: Call) => Promise<RouteResponse>
  /** Where the body lies that was named as an upload. */
  readonly input?: CallInput
}

export type RouteResponse = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** Bytes leave as they are; text needs its content-type among the headers. */
  readonly body?: string | Uint8Array
}

/** One line of a route table. A variable `{name}` is a whole path segment; throw PercallError to refuse. */
export type Route<Ports> = {
  readonly method: Verb
  readonly path: `/${string}`
  /** Who may come: anyone without a key, any key, or an owner's key. */
  readonly access: 'public' | 'key' | 'owner'
  /** Scopes of which a consumer's key needs one; none where every key may come. */
  readonly scope?: readonly Scope[]
  /** Which values of its variables the line is for, where a verb is a part of a segment; all by default. */
  readonly form?: { readonly shown: string; readonly fits: (params: RouteRequest['params']) => boolean }
  readonly run: (request: RouteRequest, ports: Ports) => Promise<RouteResponse> | RouteResponse
}

export const json = (
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): RouteResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(value),
})

export const noContent: RouteResponse = { status: 204 }
