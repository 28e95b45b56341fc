import { PercallError } from './errors.ts'

/** One page of a listing; `next` asks for the following one and is absent on the last. */
export type Page<Item> = { readonly items: readonly Item[]; readonly next?: string }

export type PageRequest = { readonly limit: number; readonly next?: string }

const usualLimit = 100
const mostLimit = 1000

/** `?limit=20&next=...` of a listing. Throws BAD_REQUEST. */
export const parsePage = (query: URLSearchParams): PageRequest => {
  const text = query.get('limit')
  const limit = text === null ? usualLimit : Number(text)
  if (!Number.isInteger(limit) || limit < 1 || limit > mostLimit)
    throw new PercallError('BAD_REQUEST', `limit: expected a whole number 1..${mostLimit}, got ${text}`)
  const next = query.get('next')
  return { limit, ...(next && { next }) }
}
