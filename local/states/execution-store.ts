/**
 * Executions, their history, and what their threads finished, in SQLite (WAL).
 * Does: what was answered survives kill -9. Does not: survive a power cut at any price (synchronous=NORMAL).
 */
import { DatabaseSync } from 'node:sqlite'

export type Status = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED'

export type ExecutionRow = {
  readonly arn: string
  readonly machineArn: string
  readonly name: string
  readonly input: string
  readonly definition: string
  readonly roleArn: string
  readonly status: Status
  readonly output: string | null
  readonly error: string | null
  readonly cause: string | null
  readonly startedAtMs: number
  readonly stoppedAtMs: number | null
}

export type EventRow = {
  readonly id: number
  readonly previousId: number
  readonly atMs: number
  readonly type: string
  readonly details: string
}

/** One run of a distributed Map; `counts` is JSON of map-run.ts. */
export type MapRunRow = {
  readonly arn: string
  readonly executionArn: string
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED'
  readonly startedAtMs: number
  readonly stoppedAtMs: number | null
  readonly maxConcurrency: number
  readonly toleratedCount: number
  readonly toleratedPercentage: number
  readonly counts: string
}

/** Where a thread (the machine, a branch, an iteration) stands: after `step` finished states. */
export type ThreadRow = {
  readonly step: number
  /** The state to enter, or null when the thread has ended. */
  readonly next: string | null
  readonly data: string
  readonly variables: string
  readonly lastEventId: number
}

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS executions (
    arn TEXT PRIMARY KEY, machineArn TEXT, name TEXT, input TEXT, definition TEXT, roleArn TEXT, status TEXT,
    output TEXT, error TEXT, cause TEXT, startedAtMs INTEGER, stoppedAtMs INTEGER, announced INTEGER DEFAULT 1);
  CREATE INDEX IF NOT EXISTS executionsOfMachine ON executions (machineArn, startedAtMs);
  CREATE TABLE IF NOT EXISTS events (
    arn TEXT, id INTEGER, previousId INTEGER, atMs INTEGER, type TEXT, details TEXT, PRIMARY KEY (arn, id));
  CREATE TABLE IF NOT EXISTS threads (
    arn TEXT, path TEXT, step INTEGER, next TEXT, data TEXT, variables TEXT, lastEventId INTEGER,
    PRIMARY KEY (arn, path));
  CREATE TABLE IF NOT EXISTS mapRuns (
    arn TEXT PRIMARY KEY, executionArn TEXT, status TEXT, startedAtMs INTEGER, stoppedAtMs INTEGER,
    maxConcurrency INTEGER, toleratedCount REAL, toleratedPercentage REAL, counts TEXT);
  CREATE INDEX IF NOT EXISTS mapRunsOfExecution ON mapRuns (executionArn, startedAtMs);
  CREATE TABLE IF NOT EXISTS marks (arn TEXT, path TEXT, name TEXT, value TEXT, PRIMARY KEY (arn, path, name));`

export type ExecutionStore = ReturnType<typeof openExecutionStore>

export const openExecutionStore = (file: string) => {
  const database = new DatabaseSync(file)
  database.exec(schema)
  const statement = (sql: string) => database.prepare(sql)
  const columns = 'arn,machineArn,name,input,definition,roleArn,status,output,error,cause,startedAtMs,stoppedAtMs'
  const insert = statement(`INSERT INTO executions (${columns},announced) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,0)`)
  const byArn = statement(`SELECT ${columns} FROM executions WHERE arn=?`)
  const running = statement(`SELECT ${columns} FROM executions WHERE status='RUNNING'`)
  const unannounced = statement(`SELECT ${columns} FROM executions WHERE announced=0 ORDER BY startedAtMs`)
  const announce = statement('UPDATE executions SET announced=1 WHERE arn=? AND status=?')
  const ofMachine = statement(
    `SELECT ${columns} FROM executions WHERE machineArn=? AND (? IS NULL OR status=?)
     ORDER BY startedAtMs DESC, arn LIMIT ? OFFSET ?`,
  )
  const finish = statement(
    `UPDATE executions SET status=?,output=?,error=?,cause=?,stoppedAtMs=?,announced=0 WHERE arn=? AND status='RUNNING'`,
  )
  const dropThreads = statement('DELETE FROM threads WHERE arn=?')
  const dropMarks = statement('DELETE FROM marks WHERE arn=?')
  const addEvent = statement('INSERT INTO events VALUES (?,?,?,?,?,?)')
  const countEvents = statement('SELECT COALESCE(MAX(id),0) AS count FROM events WHERE arn=?')
  const eventsUp = statement('SELECT * FROM events WHERE arn=? ORDER BY id LIMIT ? OFFSET ?')
  const eventsDown = statement('SELECT * FROM events WHERE arn=? ORDER BY id DESC LIMIT ? OFFSET ?')
  const readThread = statement('SELECT step,next,data,variables,lastEventId FROM threads WHERE arn=? AND path=?')
  const writeThread = statement('INSERT OR REPLACE INTO threads VALUES (?,?,?,?,?,?,?)')
  // A range instead of LIKE: the primary key serves it (10,000 iterations of a Map would be scanned at each step).
  const dropInnerThreads = statement('DELETE FROM threads WHERE arn=?1 AND path>=?2 AND path<?2||char(1114111)')
  const dropInnerMarks = statement('DELETE FROM marks WHERE arn=?1 AND path>=?2 AND path<?2||char(1114111)')
  const dropInnerMarksBut = statement(
    `DELETE FROM marks WHERE arn=?1 AND path>=?2 AND path<?2||char(1114111)
     AND NOT (path=?2 AND name IN (SELECT value FROM json_each(?3)))`,
  )
  const readMark = statement('SELECT value FROM marks WHERE arn=? AND path=? AND name=?')
  const writeMark = statement('INSERT OR REPLACE INTO marks VALUES (?,?,?,?)')

  const writeMapRun = statement('INSERT OR REPLACE INTO mapRuns VALUES (?,?,?,?,?,?,?,?,?)')
  const readMapRun = statement('SELECT * FROM mapRuns WHERE arn=?')
  const mapRunsUp = statement('SELECT * FROM mapRuns WHERE executionArn=? ORDER BY startedAtMs, arn LIMIT ? OFFSET ?')

  const inTransaction = <T>(act: () => T): T => {
    database.exec('BEGIN IMMEDIATE')
    try {
      const result = act()
      database.exec('COMMIT')
      return result
    } catch (error) {
      database.exec('ROLLBACK')
      throw error
    }
  }

  return {
    inTransaction,
    insert: (row: ExecutionRow) => {
      const { arn, machineArn, name, input, definition, roleArn, status, startedAtMs } = row
      insert.run(arn, machineArn, name, input, definition, roleArn, status, null, null, null, startedAtMs, null)
    },
    find: (arn: string) => byArn.get(arn) as ExecutionRow | undefined,
    running: () => running.all() as unknown as readonly ExecutionRow[],
    /** Executions whose last change of status is not yet on the bus. */
    unannounced: () => unannounced.all() as unknown as readonly ExecutionRow[],
    announced: (arn: string, status: Status) => void announce.run(arn, status),
    list: (machineArn: string, status: Status | null, limit: number, offset: number) =>
      ofMachine.all(machineArn, status, status, limit, offset) as unknown as readonly ExecutionRow[],
    /** Ends a RUNNING execution and forgets its threads; false when it had already ended. */
    finish: (
      arn: string,
      status: Status,
      output: string | null,
      error: string | null,
      cause: string | null,
      at: number,
    ) => {
      if (finish.run(status, output, error, cause, at, arn).changes === 0) return false
      dropThreads.run(arn)
      dropMarks.run(arn)
      return true
    },
    /** Appends an event and gives its id, which counts from 1. */
    addEvent: (arn: string, previousId: number, atMs: number, type: string, details: unknown): number => {
      const id = (countEvents.get(arn) as { count: number }).count + 1
      addEvent.run(arn, id, previousId, atMs, type, JSON.stringify(details))
      return id
    },
    events: (arn: string, reverse: boolean, limit: number, offset: number) =>
      (reverse ? eventsDown : eventsUp).all(arn, limit, offset) as unknown as readonly EventRow[],
    thread: (arn: string, path: string) => readThread.get(arn, path) as ThreadRow | undefined,
    /** Moves a thread on and forgets what was inside its finished state. */
    moveThread: (arn: string, path: string, inner: string, row: ThreadRow) => {
      writeThread.run(arn, path, row.step, row.next, row.data, row.variables, row.lastEventId)
      dropInnerThreads.run(arn, inner)
      dropInnerMarks.run(arn, inner)
    },
    /** Forgets what is inside a state, but its own marks of these names. */
    dropInner: (arn: string, inner: string, kept: readonly string[]) => {
      dropInnerThreads.run(arn, inner)
      dropInnerMarksBut.run(arn, inner, JSON.stringify(kept))
    },
    mark: (arn: string, path: string, name: string): unknown => {
      const row = readMark.get(arn, path, name) as { value: string } | undefined
      return row === undefined ? undefined : JSON.parse(row.value)
    },
    setMark: (arn: string, path: string, name: string, value: unknown) =>
      void writeMark.run(arn, path, name, JSON.stringify(value)),
    saveMapRun: ({ arn, executionArn, status, startedAtMs, stoppedAtMs, ...rest }: MapRunRow) => {
      const { maxConcurrency, toleratedCount, toleratedPercentage, counts } = rest
      const limits = [maxConcurrency, toleratedCount, toleratedPercentage] as const
      writeMapRun.run(arn, executionArn, status, startedAtMs, stoppedAtMs, ...limits, counts)
    },
    mapRun: (arn: string) => readMapRun.get(arn) as MapRunRow | undefined,
    mapRuns: (executionArn: string, limit: number, offset: number) =>
      mapRunsUp.all(executionArn, limit, offset) as unknown as readonly MapRunRow[],
    close: () => database.close(),
  }
}
