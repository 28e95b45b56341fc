/**
 * The secret material of keys, in one file that only its owner may read.
 * Does: keep every material ever added, over kill -9. Does not: protect it from this machine's owner.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

export type Material = {
  /** Number of the key's newest material, -1 for none. */
  readonly newest: (keyId: string) => number
  readonly read: (keyId: string, number: number) => Buffer | undefined
  /** Keeps one more material of a key; it is on the disk when the call returns. */
  readonly add: (keyId: string, material: Buffer) => void
}

/** Opens or begins the file. Throws when it is no JSON. */
export function openMaterial(path: string): Material {
  mkdirSync(dirname(path), { recursive: true })
  const byKey = new Map<string, readonly string[]>(
    existsSync(path) ? Object.entries(JSON.parse(readFileSync(path, 'utf8'))) : [],
  )
  return {
    newest: (keyId) => (byKey.get(keyId)?.length ?? 0) - 1,
    read: (keyId, number) => {
      const base64 = byKey.get(keyId)?.[number]
      return base64 === undefined ? undefined : Buffer.from(base64, 'base64')
    },
    add: (keyId, material) => {
      byKey.set(keyId, [...(byKey.get(keyId) ?? []), material.toString('base64')])
      replaceFile(path, JSON.stringify(Object.fromEntries(byKey)))
    },
  }
}

function replaceFile(path: string, text: string): void {
  const next = `${path}.next`
  const file = openSync(next, 'w', 0o600)
  writeSync(file, text)
  fsyncSync(file)
  closeSync(file)
  renameSync(next, path)
  syncFolder(dirname(path))
}

// A rename is durable only when its folder is; Windows cannot open a folder, and NTFS journals the rename itself.
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  fsyncSync(handle)
  closeSync(handle)
}
