import { withoutAbsent } from './absent.ts'
import { projectedItem } from './index-projection.ts'
import { entryOf } from './item-key.ts'
import { itemSizeBytes } from './item-size.ts'
import type { Table } from './table.ts'
import type { Item } from './value.ts'

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
const readUnitBytes = 4096
const writeUnitBytes = 1024

/** Capacity units of one request on one table. */
export type Units = { readonly table: number; readonly indexes: Readonly<Record<string, number>> }
export type CapacityMode = 'INDEXES' | 'TOTAL' | 'NONE' | undefined

export const readUnits = (sizeBytes: number, isConsistent: boolean): number =>
  Math.max(1, Math.ceil(sizeBytes / readUnitBytes)) * (isConsistent ? 1 : 0.5)

/** What one write costs: the larger of the two items, and each index whose entry changes. */
export const writeUnits = (table: Table, old: Item | undefined, next: Item | undefined): Units => {
  const indexes: Record<string, number> = {}
  for (const index of table.indexes) {
    const [before, after] = [old, next].map((item) =>
      item && entryOf(index, item) ? projectedItem(table, index, item) : undefined,
    )
    if (JSON.stringify(before) !== JSON.stringify(after)) indexes[index.name] = itemWriteUnits(before, after)
  }
  return { table: itemWriteUnits(old, next), indexes }
}

const itemWriteUnits = (old: Item | undefined, next: Item | undefined): number =>
  Math.max(1, ...[old, next].map((item) => (item ? Math.ceil(itemSizeBytes(item) / writeUnitBytes) : 0)))

/** The ConsumedCapacity of an answer; undefined unless asked for. A transaction counts twice. */
export const consumedCapacity = (mode: CapacityMode, table: Table, units: readonly Units[], factor = 1) => {
  if (mode === undefined || mode === 'NONE') return undefined
  const ofTable = factor * units.reduce((sum, each) => sum + each.table, 0)
  const ofIndex = (name: string): number => factor * units.reduce((sum, each) => sum + (each.indexes[name] ?? 0), 0)
  const total = table.indexes.reduce((sum, { name }) => sum + ofIndex(name), ofTable)
  const touched = (scope: 'global' | 'local') => {
    const indexes = table.indexes.filter((index) => index.scope === scope && ofIndex(index.name) > 0)
    return indexes.length === 0
      ? undefined
      : Object.fromEntries(indexes.map(({ name }) => [name, { CapacityUnits: ofIndex(name) }]))
  }
  return withoutAbsent({
    TableName: table.name,
    CapacityUnits: total,
    ...(mode === 'INDEXES' && {
      Table: { CapacityUnits: ofTable },
      GlobalSecondaryIndexes: touched('global'),
      LocalSecondaryIndexes: touched('local'),
    }),
  })
}

/** Of a request on several tables: one ConsumedCapacity a table. */
export const consumedCapacities = (
  mode: CapacityMode,
  spent: readonly { readonly table: Table; readonly units: Units }[],
  factor = 1,
) => {
  if (mode === undefined || mode === 'NONE') return undefined
  const tables = new Map(spent.map(({ table }) => [table.name, table]))
  return [...tables.values()].map((table) =>
    consumedCapacity(
      mode,
      table,
      spent.filter((each) => each.table.name === table.name).map(({ units }) => units),
      factor,
    ),
  )
}
