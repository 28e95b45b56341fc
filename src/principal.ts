import { PercallError } from './errors.ts'

/** Who calls, as the key says. `grants` are model names, or `*` for all; an owner's key may do everything. */
export type Principal = {
  readonly role: 'owner' | 'consumer'
  /** The consumer that pays; `owner` for an owner's key. */
  readonly consumerId: string
  readonly keyId: string
  readonly grants: readonly string[]
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
