/**
 * Bytes of objects as files with random names: no part of a key ever becomes a path.
 * Does: streaming writes that are on the disk before they count, reads over several files, removal after the last
 * reader. Does not: know which object a file belongs to (see catalog.ts); a file that nothing names is swept at start.
 */
import { randomUUID } from 'node:crypto'
import { createReadStream, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** A file and how much of an object it holds. */
export type Piece = { readonly file: string; readonly sizeBytes: number }

export type Blobs = {
  /** Writes a stream to a new file; it is on the disk when the promise ends, and gone when the stream fails. */
  readonly write: (source: AsyncIterable<Uint8Array>) => Promise<Piece>
  /** Bytes `start` to `end` (inclusive) of the pieces one after the other. */
  readonly read: (pieces: readonly Piece[], start: number, end: number) => AsyncGenerator<Buffer>
  /** Keeps the files while a reader may still open them; call the answer once. */
  readonly hold: (pieces: readonly Piece[]) => () => void
  readonly remove: (pieces: readonly Piece[]) => void
  /** Removes every file that `known` does not name. */
  readonly sweep: (known: ReadonlySet<string>) => void
}

const readBytes = 256 * 1024

/** Opens the files of `folder`. */
export function openBlobs(folder: string): Blobs {
  mkdirSync(folder, { recursive: true })
  const readers = new Map<string, number>()
  const doomed = new Set<string>()

  function release(file: string): void {
    const left = (readers.get(file) ?? 1) - 1
    if (left > 0) return void readers.set(file, left)
    readers.delete(file)
    if (doomed.delete(file)) rmSync(join(folder, file), { force: true })
  }

  return {
    write: async (source) => {
      const name = randomUUID()
      const path = join(folder, name)
      const file = await open(path, 'wx', 0o600)
      let sizeBytes = 0
      try {
        for await (const bytes of source) {
          await file.writeFile(bytes)
          sizeBytes += bytes.length
        }
        await file.sync()
        await file.close()
        await syncFolder(folder)
        return { file: name, sizeBytes }
      } catch (error) {
        await file.close().catch(() => undefined)
        await rm(path, { force: true })
        throw error
      }
    },
    read: async function* (pieces, start, end) {
      let from = 0
      for (const { file, sizeBytes } of pieces) {
        const first = Math.max(start - from, 0)
        const last = Math.min(end - from, sizeBytes - 1)
        if (first <= last)
          yield* createReadStream(join(folder, file), { start: first, end: last, highWaterMark: readBytes })
        from += sizeBytes
      }
    },
    hold: (pieces) => {
      for (const { file } of pieces) readers.set(file, (readers.get(file) ?? 0) + 1)
      return () => {
        for (const { file } of pieces) release(file)
      }
    },
    remove: (pieces) => {
      for (const { file } of pieces) {
        if (readers.has(file)) doomed.add(file)
        else rmSync(join(folder, file), { force: true })
      }
    },
    sweep: (known) => {
      for (const file of readdirSync(folder)) if (!known.has(file)) rmSync(join(folder, file), { force: true })
    },
  }
}

// A new name is durable only when its folder is; Windows cannot open a folder, and NTFS journals the name itself.
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  await handle.sync()
  await handle.close()
}
