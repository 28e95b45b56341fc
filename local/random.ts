/** Random bytes for ids, drawn from the system many at a time: a draw of its own costs 10 us each. */
import { randomFillSync } from 'node:crypto'

const pool = Buffer.alloc(8192)
let used = pool.length

/** Text of so many random bytes; for ids, never for keys. */
export function randomText(sizeBytes: number, encoding: 'hex' | 'base64'): string {
  if (used + sizeBytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += sizeBytes
  return pool.toString(encoding, used - sizeBytes, used)
}
