import { type Index, keyNames, type Table } from './table.ts'
import type { Item } from './value.ts'

/** The names of the attributes that an index holds; undefined when it holds all. */
export const projectedNames = (table: Table, index: Index): ReadonlySet<string> | undefined =>
  index.projection === 'ALL' ? undefined : new Set([...keyNames(table, index), ...index.included])

/** The part of an item that an index holds. */
export const projectedItem = (table: Table, index: Index, item: Item): Item => {
  const names = projectedNames(table, index)
  return names ? Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name))) : item
}
