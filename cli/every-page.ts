import type { Page } from '../client/bodies.ts'
import type { PageQuery } from '../client/registry.ts'

/** All items of a listing, page after page. */
export const everyPage = async <Name extends string, Item>(
  name: Name,
  read: (query: PageQuery) => Promise<Page<Name, Item>>,
): Promise<readonly Item[]> => {
  const items: Item[] = []
  let query: PageQuery = {}
  for (;;) {
    const page = await read(query)
    items.push(...page[name])
    // Page is generic in its member's name, so `next` needs its type again.
    const { next } = page as { readonly next?: string }
    if (next === undefined) return items
    query = { next }
  }
}
