/**
 * Which objects, versions, uploads and pending events there are: SQLite beside the files of blobs.ts.
 * A row is committed after its files are on the disk, so a kill leaves a file without a row, never a row without a file.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import type { Piece } from './blobs.ts'
import type { Algorithm, Checksums } from './checksums.ts'

export type Stored = {
  readonly pieces: readonly Piece[]
  readonly sizeBytes: number
  readonly etag: string
  readonly sums: Checksums
  readonly composite: boolean
  /** Content headers and `x-amz-meta-*`. */
  readonly headers: Readonly<Record<string, string>>
  readonly keyArn?: string
  readonly bucketKey?: boolean
}

export type Version = Stored & {
  readonly bucket: string
  readonly key: string
  /** `null` where the bucket is not versioned. */
  readonly version: string
  readonly seq: number
  readonly latest: boolean
  readonly marker: boolean
  readonly modifiedMs: number
}

export type Part = {
  readonly number: number
  readonly piece: Piece
  readonly etag: string
  readonly sums: Checksums
  readonly modifiedMs: number
}
export type Upload = {
  readonly id: string
  readonly bucket: string
  readonly key: string
  readonly startedMs: number
  readonly headers: Readonly<Record<string, string>>
  readonly algorithm: Algorithm
  /** Whether the client named the algorithm; else its parts may carry any. */
  readonly declared: boolean
  readonly composite: boolean
}

export type Catalog = ReturnType<typeof openCatalog>

const schema = `PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
  CREATE TABLE IF NOT EXISTS object (seq INTEGER PRIMARY KEY AUTOINCREMENT, bucket TEXT NOT NULL, key TEXT NOT NULL,
    version TEXT NOT NULL, latest INTEGER NOT NULL, marker INTEGER NOT NULL, modified_ms INTEGER NOT NULL, stored TEXT NOT NULL);
  CREATE UNIQUE INDEX IF NOT EXISTS by_version ON object (bucket, key, version);
  CREATE UNIQUE INDEX IF NOT EXISTS by_latest ON object (bucket, key) WHERE latest = 1;
  CREATE TABLE IF NOT EXISTS upload (id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, upload TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS part (upload TEXT NOT NULL, number INTEGER NOT NULL, part TEXT NOT NULL, PRIMARY KEY (upload, number));
  CREATE TABLE IF NOT EXISTS event (id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL);`

/** Opens the catalog of `folder`; times are those of `now`. */
export function openCatalog(folder: string, now: () => number) {
  mkdirSync(folder, { recursive: true })
  const db = new DatabaseSync(join(folder, 'objects.sqlite'))
  db.exec(schema)
  const latest = db.prepare('SELECT * FROM object WHERE bucket = ? AND key = ? AND latest = 1')
  const byVersion = db.prepare('SELECT * FROM object WHERE bucket = ? AND key = ? AND version = ?')
  const insert = db.prepare(
    'INSERT INTO object (bucket, key, version, latest, marker, modified_ms, stored) VALUES (?, ?, ?, 1, ?, ?, ?)',
  )
  const demote = db.prepare('UPDATE object SET latest = 0 WHERE bucket = ? AND key = ? AND latest = 1')
  const remove = db.prepare('DELETE FROM object WHERE seq = ?')
  const promote = db.prepare(
    'UPDATE object SET latest = 1 WHERE seq = (SELECT max(seq) FROM object WHERE bucket = ? AND key = ?)',
  )
  const nextLatest = db.prepare(
    'SELECT * FROM object WHERE bucket = ? AND key > ? AND key >= ? AND latest = 1 AND marker = 0 ORDER BY key LIMIT ?',
  )
  const nextVersions = db.prepare('SELECT * FROM object WHERE bucket = ? AND key >= ? ORDER BY key, seq DESC')
  const addEvent = db.prepare('INSERT INTO event (event) VALUES (?)')
  const rows = db.prepare('SELECT stored FROM object')
  const allParts = db.prepare('SELECT part FROM part')

  const find = (bucket: string, key: string, version?: string) =>
    versionOf(version === undefined ? latest.get(bucket, key) : byVersion.get(bucket, key, version))

  function inOneTransaction<T>(change: () => T): T {
    db.exec('BEGIN IMMEDIATE')
    try {
      const result = change()
      db.exec('COMMIT')
      return result
    } catch (error) {
      db.exec('ROLLBACK')
      throw error
    }
  }

  return {
    find,
    inOneTransaction,
    /** Makes a new latest version; answers it and what it replaced for good. Only inside a transaction. */
    put: (bucket: string, key: string, versioned: boolean, stored: Stored | undefined) => {
      const version = versioned ? randomBytes(24).toString('base64url') : 'null'
      const replaced = versioned ? undefined : find(bucket, key, 'null')
      if (replaced) remove.run(replaced.seq)
      demote.run(bucket, key)
      insert.run(bucket, key, version, stored ? 0 : 1, now(), JSON.stringify(stored ?? noBytes))
      return { made: find(bucket, key, version)!, replaced }
    },
    /** Removes one version; the newest of the others becomes the latest. Only inside a transaction. */
    removeVersion: ({ seq, bucket, key, latest: wasLatest }: Version) => {
      remove.run(seq)
      if (wasLatest) promote.run(bucket, key)
    },
    /** Latest versions that are no markers, in the order of their keys' UTF-8 bytes. */
    list: (bucket: string, after: string, from: string, limit: number): Version[] =>
      nextLatest.all(bucket, after, from, limit).map((row) => versionOf(row)!),
    /** All versions by key, the newest of a key first. */
    versions: function* (bucket: string, from: string): Generator<Version> {
      for (const row of nextVersions.iterate(bucket, from)) yield versionOf(row)!
    },
    startUpload: (upload: Upload) =>
      void db
        .prepare('INSERT INTO upload VALUES (?, ?, ?, ?)')
        .run(upload.id, upload.bucket, upload.key, JSON.stringify(upload)),
    upload: (bucket: string, key: string, id: string): Upload | undefined => {
      const row = db.prepare('SELECT upload FROM upload WHERE id = ? AND bucket = ? AND key = ?').get(id, bucket, key)
      return row && JSON.parse(String(row.upload))
    },
    uploads: (bucket: string): Upload[] =>
      db
        .prepare('SELECT upload FROM upload WHERE bucket = ?')
        .all(bucket)
        .map((row) => JSON.parse(String(row.upload))),
    /** Keeps a part; answers the one it replaces. Only inside a transaction. */
    putPart: (uploadId: string, part: Part): Part | undefined => {
      const old = db.prepare('SELECT part FROM part WHERE upload = ? AND number = ?').get(uploadId, part.number)
      db.prepare('INSERT OR REPLACE INTO part VALUES (?, ?, ?)').run(uploadId, part.number, JSON.stringify(part))
      return old && JSON.parse(String(old.part))
    },
    parts: (uploadId: string): Part[] =>
      db
        .prepare('SELECT part FROM part WHERE upload = ? ORDER BY number')
        .all(uploadId)
        .map((row) => JSON.parse(String(row.part))),
    /** Only inside a transaction. */
    endUpload: (id: string) => {
      db.prepare('DELETE FROM part WHERE upload = ?').run(id)
      db.prepare('DELETE FROM upload WHERE id = ?').run(id)
    },
    addEvent: (event: unknown) => void addEvent.run(JSON.stringify(event)),
    events: () =>
      db
        .prepare('SELECT * FROM event ORDER BY id')
        .all()
        .map((row) => ({ id: Number(row.id), event: JSON.parse(String(row.event)) })),
    removeEvent: (id: number) => void db.prepare('DELETE FROM event WHERE id = ?').run(id),
    /** Every file that an object or a part names. */
    files: (): Set<string> => {
      const stored = rows.all().flatMap((row): Piece[] => JSON.parse(String(row.stored)).pieces)
      const parts = allParts.all().map((row): Piece => JSON.parse(String(row.part)).piece)
      return new Set([...stored, ...parts].map(({ file }) => file))
    },
    close: () => db.close(),
  }
}

const noBytes: Stored = { pieces: [], sizeBytes: 0, etag: '', sums: {}, composite: false, headers: {} }

function versionOf(row: Record<string, SQLOutputValue> | undefined): Version | undefined {
  if (!row) return undefined
  return {
    ...(JSON.parse(String(row.stored)) as Stored),
    bucket: String(row.bucket),
    key: String(row.key),
    version: String(row.version),
    seq: Number(row.seq),
    latest: row.latest === 1,
    marker: row.marker === 1,
    modifiedMs: Number(row.modified_ms),
  }
}
