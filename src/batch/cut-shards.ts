/** A run of rows in input order that one worker answers, with its place in the file. Numbers count from 1. */
export type Cut = { readonly number: number; readonly firstRow: number; readonly lines: readonly string[] }

export type ShardBounds = { readonly mostRows: number; readonly mostBytes: number }

// One worker answers a shard well within Lambda's 15 minutes, and repeats at most this much after a crash.
export const shardBounds: ShardBounds = { mostRows: 10_000, mostBytes: 4 * 1024 * 1024 }

const encoder = new TextEncoder()

/** Lines -> shards of at most so many rows and bytes, in input order; a longer line is a shard of its own. */
export async function* cutShards(
  lines: AsyncIterable<string> | Iterable<string>,
  { mostRows, mostBytes }: ShardBounds,
): AsyncGenerator<Cut> {
  let own: string[] = []
  let sizeBytes = 0
  let number = 1
  let firstRow = 1
  for await (const line of lines) {
    // Three bytes are the most that a UTF-16 unit becomes in UTF-8: most lines need no encoding to be bounded.
    const lineBytes = line.length * 3 < mostBytes / mostRows ? line.length * 3 : encoder.encode(line).length
    if (own.length > 0 && (own.length >= mostRows || sizeBytes + lineBytes > mostBytes)) {
      yield { number, firstRow, lines: own }
      number += 1
      firstRow += own.length
      own = []
      sizeBytes = 0
    }
    own.push(line)
    sizeBytes += lineBytes
  }
  if (own.length > 0) yield { number, firstRow, lines: own }
}
