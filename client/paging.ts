import type { Page } from './bodies.ts'

export type PageQuery = { readonly limit?: number; readonly next?: string }

/** All items of a listing, page after page as they are asked for. */
export async function* eachItem<Name extends string, Item>(
  name: Name,
  read: (query: PageQuery) => Promise<Page<Name, Item>>,
  query: PageQuery = {},
): AsyncGenerator<Item, void, undefined> {
  for (let page = query; ; ) {
    const got = await read(page)
    yield* got[name]
    // Page is generic in its member's name, so `next` needs its type again.
    const { next } = got as { readonly next?: string }
    if (next === undefined) return
    page = { ...query, next }
  }
}
