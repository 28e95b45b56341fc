/** Accepted deliveries and due times of schedules, in SQLite (WAL): what was accepted survives kill -9. */
import { DatabaseSync } from 'node:sqlite'

export type Delivery = {
  readonly id: number
  readonly ruleArn: string
  readonly targetId: string
  readonly input: string
  readonly attempts: number
  readonly acceptedAtMs: number
  readonly dueAtMs: number
}

export type DeliveryStore = ReturnType<typeof openDeliveryStore>

export const openDeliveryStore = (file: string) => {
  const database = new DatabaseSync(file)
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS deliveries (
      id INTEGER PRIMARY KEY, ruleArn TEXT, targetId TEXT, input TEXT, attempts INTEGER, acceptedAtMs INTEGER,
      dueAtMs INTEGER);
    CREATE INDEX IF NOT EXISTS deliveriesDue ON deliveries (dueAtMs);
    CREATE TABLE IF NOT EXISTS schedules (ruleArn TEXT PRIMARY KEY, expression TEXT, dueAtMs INTEGER);`)
  const insert = database.prepare(
    'INSERT INTO deliveries (ruleArn,targetId,input,attempts,acceptedAtMs,dueAtMs) VALUES (?,?,?,0,?,?)',
  )
  const all = database.prepare('SELECT * FROM deliveries ORDER BY dueAtMs, id')
  const postpone = database.prepare('UPDATE deliveries SET attempts=?, dueAtMs=? WHERE id=?')
  const remove = database.prepare('DELETE FROM deliveries WHERE id=?')
  const readDue = database.prepare('SELECT dueAtMs FROM schedules WHERE ruleArn=? AND expression=?')
  const writeDue = database.prepare('INSERT OR REPLACE INTO schedules VALUES (?,?,?)')

  return {
    inTransaction: (act: () => void) => {
      database.exec('BEGIN IMMEDIATE')
      try {
        act()
        database.exec('COMMIT')
      } catch (error) {
        database.exec('ROLLBACK')
        throw error
      }
    },
    add: (ruleArn: string, targetId: string, input: string, atMs: number): Delivery => {
      const { lastInsertRowid } = insert.run(ruleArn, targetId, input, atMs, atMs)
      return { id: Number(lastInsertRowid), ruleArn, targetId, input, attempts: 0, acceptedAtMs: atMs, dueAtMs: atMs }
    },
    all: () => all.all() as unknown as readonly Delivery[],
    postpone: (id: number, attempts: number, dueAtMs: number) => void postpone.run(attempts, dueAtMs, id),
    remove: (id: number) => void remove.run(id),
    scheduleDue: (ruleArn: string, expression: string) =>
      (readDue.get(ruleArn, expression) as { dueAtMs: number } | undefined)?.dueAtMs,
    setScheduleDue: (ruleArn: string, expression: string, dueAtMs: number) =>
      void writeDue.run(ruleArn, expression, dueAtMs),
    close: () => database.close(),
  }
}
