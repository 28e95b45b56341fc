import type { Account, KeyLimit } from '../billing/plan.ts'
import { PercallError } from '../errors.ts'
import { areInside } from './ip-range.ts'
import type { Limited } from './limits.ts'
import type { Scope } from './scope.ts'

/** Who calls, as the key says. `grants` are model names, or `*` for all; an owner's key may do everything. */
export type Principal = {
  readonly role: 'owner' | 'consumer'
  /** The consumer that pays; `owner` for an owner's key. */
  readonly consumerId: string
  readonly keyId: string
  readonly grants: readonly string[]
  /** How the consumer pays; absent: after the month, without a cap. */
  readonly account?: Account
  /** Absent where the key may spend what its consumer may. */
  readonly limit?: KeyLimit
  /** Absent: all. */
  readonly scopes?: readonly Scope[]
  /** In CIDR notation; absent: anywhere. */
  readonly ipRanges?: readonly string[]
  /** Absent where nothing limits how often it calls. */
  readonly limited?: readonly Limited[]
}

export const mayCall = ({ role, grants }: Principal, model: string): boolean =>
  role === 'owner' || grants.includes('*') || grants.includes(model)

/** Throws NOT_GRANTED, also for a model that does not exist: a refusal must not tell which names are taken. */
export const requireGrant = (principal: Principal, model: string): void => {
  if (!mayCall(principal, model))
    throw new PercallError(
      'NOT_GRANTED',
      `model ${model}: expected a grant, consumer ${principal.consumerId} has [${principal.grants.join(',')}]`,
    )
}

/** Throws OWNER_ONLY. */
export const requireOwner = ({ role, keyId }: Principal): void => {
  if (role !== 'owner') throw new PercallError('OWNER_ONLY', `expected an owner key, got consumer key ${keyId}`)
}

/** Throws NOT_FROM_HERE for a caller outside of the ranges that the key was narrowed to. */
export const requireSource = ({ ipRanges, keyId }: Principal, sourceIp: string): void => {
  if (ipRanges && !areInside([sourceIp], ipRanges))
    throw new PercallError('NOT_FROM_HERE', `key ${keyId}: expected a caller in its IP ranges, got ${sourceIp}`)
}

/** Throws OUT_OF_SCOPE unless the key has one of the scopes that a route names, or was not narrowed. */
export const requireScope = ({ scopes: own, keyId }: Principal, wanted: readonly Scope[]): void => {
  if (own && !wanted.some((scope) => own.includes(scope)))
    throw new PercallError(
      'OUT_OF_SCOPE',
      `key ${keyId}: expected the scope ${wanted.join(' or ')}, it has [${own.join(',')}]`,
    )
}
