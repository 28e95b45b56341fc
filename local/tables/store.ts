import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { attribute } from './document-path.ts'
import { entryOf, type ItemKey, placeOf } from './item-key.ts'
import type { Bound } from './key-condition.ts'
import type { Index, Table } from './table.ts'
import type { Item } from './value.ts'

/** The rows of all tables in one SQLite file. */
export type Store = {
  readonly tables: () => readonly { readonly table: Table; readonly createdMs: number }[]
  readonly saveTable: (table: Table, createdMs: number) => void
  readonly dropTable: (name: string) => void
  readonly itemCount: (name: string) => number
  readonly get: (table: Table, key: ItemKey) => Item | undefined
  readonly write: (table: Table, key: ItemKey, old: Item | undefined, next: Item | undefined) => void
  readonly range: (table: Table, index: Index | undefined, range: Range) => Iterable<Item>
  /** Removes the index entries of a table that has changed, and writes them and the expiry times anew. */
  readonly rebuild: (table: Table, oldIndexNames: readonly string[]) => void
  readonly expired: (table: Table, fromSeconds: number, toSeconds: number) => readonly Item[]
  /** The digest of the request that had this token, unless forgotten. */
  readonly tokenDigest: (token: string, nowMs: number) => string | undefined
  readonly saveToken: (token: string, digest: string, expiresMs: number, nowMs: number) => void
  /** Runs the body as one unit: all of its writes are kept, or none. */
  readonly transaction: <T>(body: () => T) => T
  readonly close: () => void
}

/** One partition (with bounds of its sort keys) or a span of partition hashes, after a place if one is given. */
export type Range = {
  readonly partition: Pick<ItemKey, 'hash' | 'partition'> | null
  readonly from: Bound | null
  readonly to: Bound | null
  readonly hashes: { readonly from: number; readonly before: number } | null
  readonly after: { readonly entry: ItemKey; readonly item: ItemKey } | null
  readonly isForward: boolean
}

// `owner` is a table's name, or `table/index`. What is committed has left the process, so that kill -9 loses nothing;
// a power cut may lose the last commits (synchronous=NORMAL).
const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS definitions (name TEXT PRIMARY KEY, definition TEXT NOT NULL, created_ms INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS items (
    owner TEXT NOT NULL, hash INTEGER NOT NULL, pk BLOB NOT NULL, sk BLOB NOT NULL,
    item TEXT NOT NULL, expires REAL,
    PRIMARY KEY (owner, hash, pk, sk)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS items_expiry ON items (owner, expires) WHERE expires IS NOT NULL;
  CREATE TABLE IF NOT EXISTS entries (
    owner TEXT NOT NULL, hash INTEGER NOT NULL, pk BLOB NOT NULL, sk BLOB NOT NULL,
    item_hash INTEGER NOT NULL, item_pk BLOB NOT NULL, item_sk BLOB NOT NULL,
    PRIMARY KEY (owner, hash, pk, sk, item_hash, item_pk, item_sk)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS tokens (token TEXT PRIMARY KEY, digest TEXT NOT NULL, expires_ms INTEGER NOT NULL);
`

const inMemory = ':memory:'

/** Opens or makes `tables.sqlite` in a folder; `:memory:` keeps nothing. Throws what SQLite throws when the file cannot be opened. */
export const openStore = (folder: string): Store => {
  if (folder !== inMemory) mkdirSync(folder, { recursive: true })
  const database = new DatabaseSync(folder === inMemory ? folder : join(folder, 'tables.sqlite'))
  database.exec(schema)
  const statements = new Map<string, StatementSync>()
  const sql = (text: string): StatementSync => {
    const statement = statements.get(text) ?? database.prepare(text)
    statements.set(text, statement)
    return statement
  }
  const entry = (verb: 'INSERT' | 'DELETE', table: Table, index: Index, at: ItemKey, item: ItemKey): void => {
    sql(
      verb === 'INSERT'
        ? 'INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)'
        : 'DELETE FROM entries WHERE (owner, hash, pk, sk, item_hash, item_pk, item_sk) = (?, ?, ?, ?, ?, ?, ?)',
    ).run(`${table.name}/${index.name}`, ...columns(at), ...columns(item))
  }
  const write: Store['write'] = (table, key, old, next) => {
    for (const index of table.indexes) {
      const before = old && entryOf(index, old)
      const after = next && entryOf(index, next)
      if (before && !(after && samePlace(before, after))) entry('DELETE', table, index, before, key)
      if (after && !(before && samePlace(before, after))) entry('INSERT', table, index, after, key)
    }
    if (!next) {
      if (old) sql('DELETE FROM items WHERE (owner, hash, pk, sk) = (?, ?, ?, ?)').run(table.name, ...columns(key))
      return
    }
    sql('INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?, ?, ?)').run(
      table.name,
      ...columns(key),
      JSON.stringify(next),
      expirySeconds(table, next),
    )
  }
  const transaction = <T>(body: () => T): T => {
    sql('BEGIN IMMEDIATE').run()
    try {
      const result = body()
      sql('COMMIT').run()
      return result
    } catch (error) {
      sql('ROLLBACK').run()
      throw error
    }
  }
  return {
    tables: () =>
      sql('SELECT definition, created_ms FROM definitions')
        .all()
        .map((row) => ({
          // Only saveTable writes these columns.
          table: JSON.parse(String(row.definition)) as Table,
          createdMs: Number(row.created_ms),
        })),
    saveTable: (table, createdMs) => {
      sql('INSERT OR REPLACE INTO definitions VALUES (?, ?, ?)').run(table.name, JSON.stringify(table), createdMs)
    },
    dropTable: (name) => {
      sql('DELETE FROM items WHERE owner = ?').run(name)
      sql("DELETE FROM entries WHERE substr(owner, 1, length(?1) + 1) = ?1 || '/'").run(name)
      sql('DELETE FROM definitions WHERE name = ?').run(name)
    },
    itemCount: (name) => Number(sql('SELECT count(*) AS count FROM items WHERE owner = ?').get(name)!.count),
    get: (table, key) => {
      const row = sql('SELECT item FROM items WHERE (owner, hash, pk, sk) = (?, ?, ?, ?)').get(
        table.name,
        ...columns(key),
      )
      return row && itemOf(row)
    },
    write,
    range: function* (table, index, range) {
      const { text, bindings } = rangeQuery(table, index, range)
      for (const row of sql(text).iterate(...bindings)) yield itemOf(row)
    },
    rebuild: (table, oldIndexNames) => {
      for (const name of oldIndexNames) sql('DELETE FROM entries WHERE owner = ?').run(`${table.name}/${name}`)
      for (const row of sql('SELECT item FROM items WHERE owner = ?').all(table.name)) {
        const item = itemOf(row)
        write(table, placeOf(table.key, item), undefined, item)
      }
    },
    expired: (table, fromSeconds, toSeconds) =>
      sql('SELECT item FROM items WHERE owner = ? AND expires >= ? AND expires <= ?')
        .all(table.name, fromSeconds, toSeconds)
        .map(itemOf),
    tokenDigest: (token, nowMs) => {
      const row = sql('SELECT digest FROM tokens WHERE token = ? AND expires_ms > ?').get(token, nowMs)
      return row && String(row.digest)
    },
    saveToken: (token, digest, expiresMs, nowMs) => {
      sql('DELETE FROM tokens WHERE expires_ms <= ?').run(nowMs)
      sql('INSERT INTO tokens VALUES (?, ?, ?)').run(token, digest, expiresMs)
    },
    transaction,
    close: () => database.close(),
  }
}

const columns = ({ hash, partition, sort }: ItemKey) => [hash, partition, sort] as const

const samePlace = (a: ItemKey, b: ItemKey): boolean =>
  Buffer.compare(a.partition, b.partition) === 0 && Buffer.compare(a.sort, b.sort) === 0

// Only `write` fills this column, with checked items.
const itemOf = (row: Record<string, unknown>): Item => JSON.parse(String(row.item)) as Item

const expirySeconds = (table: Table, item: Item): number | null => {
  const value = table.ttlAttribute === null ? undefined : attribute(item, table.ttlAttribute)
  return value?.N === undefined ? null : Number(value.N)
}

const rangeQuery = (table: Table, index: Index | undefined, range: Range) => {
  const conditions: string[] = ['r.owner = ?']
  const bindings: SQLInputValue[] = [index ? `${table.name}/${index.name}` : table.name]
  const where = (condition: string, ...values: readonly SQLInputValue[]): void => {
    conditions.push(condition)
    bindings.push(...values)
  }
  const itemColumns = index ? ['item_hash', 'item_pk', 'item_sk'] : []
  const order = [...(range.partition ? ['sk'] : ['hash', 'pk', 'sk']), ...itemColumns].map((name) => `r.${name}`)
  const { partition, from, to, hashes, after, isForward } = range
  if (partition) where('r.hash = ? AND r.pk = ?', partition.hash, partition.partition)
  // SQLite seeks by one bound a side: where the start key is that bound, the wider one is left out.
  if (from && !(after && isForward)) where(`r.sk ${from.inclusive ? '>=' : '>'} ?`, from.bytes)
  if (to && !(after && !isForward)) where(`r.sk ${to.inclusive ? '<=' : '<'} ?`, to.bytes)
  if (hashes && !after) where('r.hash >= ?', hashes.from)
  if (hashes) where('r.hash < ?', hashes.before)
  if (after) {
    const place = columns(after.entry)
    where(
      `(${order.join(', ')}) ${isForward ? '>' : '<'} (${order.map(() => '?').join(', ')})`,
      ...(partition ? [after.entry.sort] : place),
      ...(index ? columns(after.item) : []),
    )
  }
  // CROSS JOIN keeps SQLite's planner from reading the items first.
  const join = index
    ? 'CROSS JOIN items i ON i.owner = ? AND i.hash = r.item_hash AND i.pk = r.item_pk AND i.sk = r.item_sk'
    : ''
  if (index) bindings.unshift(table.name)
  const sorted = order.map((column) => `${column} ${isForward ? 'ASC' : 'DESC'}`).join(', ')
  const text =
    `SELECT ${index ? 'i' : 'r'}.item AS item FROM ${index ? 'entries' : 'items'} r ${join} ` +
    `WHERE ${conditions.join(' AND ')} ORDER BY ${sorted}`
  return { text, bindings }
}
