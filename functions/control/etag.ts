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
