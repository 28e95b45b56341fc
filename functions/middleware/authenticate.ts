import type { Principal } from '../../src/access/principal.ts'
import { PercallError } from '../../src/errors.ts'
import type { Authenticate, RequestHeaders } from '../../src/ports.ts'

const bearer = /^Bearer +(\S+)$/i

const secretOf = (headers: RequestHeaders): string => {
  const { authorization, 'x-api-key': apiKey } = headers
  const secret = authorization === undefined ? apiKey?.trim() : bearer.exec(authorization.trim())?.[1]
  if (secret) return secret
  const got = authorization === undefined ? 'none' : 'another authorization'
  throw new PercallError('KEY_MISSING', `key: expected authorization: Bearer pc_live_..., or x-api-key, got ${got}`)
}

/** Checks the key from the headers alone, before a body is inflated or parsed. */
export const authenticate =
  ({ findPrincipal }: { readonly findPrincipal: (secret: string) => Promise<Principal> }): Authenticate =>
  async (headers) =>
    await findPrincipal(secretOf(headers))
