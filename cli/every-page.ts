import type { Page } from '../client/bodies.ts'
import { eachItem, type PageQuery } from '../client/paging.ts'

/** All items of a listing. */
export const everyPage = async <Name extends string, Item>(
  name: Name,
  read: (query: PageQuery) => Promise<Page<Name, Item>>,
): Promise<readonly Item[]> => {
  const items: Item[] = []
  for await (const item of eachItem(name, read)) items.push(item)
  return items
}
