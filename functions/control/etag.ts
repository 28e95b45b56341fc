import { PercallError } from '../../src/errors.ts'
import type { RequestHeaders } from '../../src/ports.ts'

export const etag = (revision: number): { readonly etag: string } => ({ etag: `"${revision}"` })

const quotedNumber = /^(?:W\/)?"(\d{1,15})"$/

/** The revision of If-Match; undefined where the caller sends none or `*`. Throws STALE for a tag of something else. */
export const ifMatch = (headers: RequestHeaders): number | undefined => {
  const text = headers['if-match']?.trim()
  if (text === undefined || text === '*') return undefined
  const revision = quotedNumber.exec(text)?.[1]
  if (revision === undefined) throw new PercallError('STALE', `if-match: expected one ETag of this thing, got ${text}`)
  return Number(revision)
}

/** Throws STALE where If-Match names another revision than the one that there is. */
export const requireRevision = (headers: RequestHeaders, thing: string, revision: number | undefined): void => {
  const expected = ifMatch(headers)
  if (expected !== undefined && expected !== revision)
    throw new PercallError('STALE', `${thing}: expected revision ${expected}, got ${revision ?? 'none'}`)
}
