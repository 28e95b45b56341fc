import type { Principal } from '../access/principal.ts'
import { PercallError } from '../errors.ts'
import type { Deployed } from './deployed.ts'

/** Throws OWNER_ONLY for a consumer's key where the owner keeps explanations. */
export const requireMayExplain = (
  { role, keyId }: Pick<Principal, 'role' | 'keyId'>,
  { version, explain }: Pick<Deployed, 'version' | 'explain'>,
): void => {
  if (explain === 'owner' && role !== 'owner')
    throw new PercallError(
      'OWNER_ONLY',
      `model ${version.model}: expected an owner key to have it explained, got consumer key ${keyId}`,
    )
}
