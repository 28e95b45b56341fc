/**
 * One service for one data folder.
 * Does: hold SQLite's file lock, which the operating system releases at any death of the process, kill -9 included.
 * Does not: work on network file systems whose locks do not.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Takes the folder, or throws an error that names it and the process that holds it. Gives the release. */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const pidPath = join(folder, 'service.pid')
  const db = new DatabaseSync(join(folder, 'lock.sqlite'))
  try {
    db.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    db.close()
    const message = `${folder} is in use by another local service (process ${readPid(pidPath)}); stop it, or take another folder`
    throw new Error(message, { cause })
  }
  writeFileSync(pidPath, String(process.pid))
  return () => db.close()
}

function readPid(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return 'unknown' // the other service has the lock and has not written its number yet
  }
}
