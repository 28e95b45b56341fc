import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Batch } from '../client/batches.ts'

/** A file, or stdout, gets the result as it comes: it may be larger than memory. */
export const writeResult = async (batch: Batch, out: string | undefined): Promise<void> => {
  // Node's own type of a web stream differs from the library's by its iterator alone.
  const source = Readable.fromWeb((await batch.result()) as Parameters<typeof Readable.fromWeb>[0])
  if (out !== undefined) return await pipeline(source, createWriteStream(out))
  await pipeline(source, process.stdout, { end: false })
}
