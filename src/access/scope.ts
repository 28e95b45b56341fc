import { PercallError } from '../errors.ts'
import type { Principal } from './principal.ts'

/** What a consumer's key may be narrowed to; each is a group of routes. */
export const scopes = ['predict', 'explain', 'batches', 'usage', 'keys'] as const
export type Scope = (typeof scopes)[number]

/** Throws OUT_OF_SCOPE unless the key has one of the scopes that a route names, or was not narrowed. */
export const requireScope = ({ scopes: own, keyId }: Principal, wanted: readonly Scope[]): void => {
  if (own && !wanted.some((scope) => own.includes(scope)))
    throw new PercallError(
      'OUT_OF_SCOPE',
      `key ${keyId}: expected the scope ${wanted.join(' or ')}, it has [${own.join(',')}]`,
    )
}
