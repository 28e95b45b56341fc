/**
 * The aws-chunked encoding with trailers, as the SDKs stream a body of unknown checksum.
 * Does: unsigned chunks with a trailer. Does not: signed chunks.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
import { AwsError } from '../service.ts'

const longestLineBytes = 8192
const mostTrailers = 16
/** Only the last chunk may be smaller: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const smallestChunkBytes = 8192

/** The body inside an aws-chunked stream; `onTrailer` gets each trailer, its name in lower case. Throws on bad framing. */
export async function* decodeChunked(
  source: AsyncIterable<Uint8Array>,
  onTrailer: (name: string, value: string) => void,
): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  let state: 'size' | 'data' | 'after-data' | 'trailer' | 'end' = 'size'
  let leftBytes = 0
  let lastSizeBytes = smallestChunkBytes
  let trailers = 0

  const line = (): string | undefined => {
    const end = rest.indexOf('\r\n')
    if (end > longestLineBytes || (end < 0 && rest.length > longestLineBytes)) throw badFraming('a line is too long')
    if (end < 0) return undefined
    const text = rest.toString('latin1', 0, end)
    rest = rest.subarray(end + 2)
    return text
  }

  for await (const bytes of source) {
    rest =
      rest.length > 0 ? Buffer.concat([rest, bytes]) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    while (rest.length > 0) {
      if (state === 'data') {
        const part = rest.subarray(0, leftBytes)
        leftBytes -= part.length
        rest = rest.subarray(part.length)
        if (leftBytes === 0) state = 'after-data'
        yield part
        continue
      }
      if (state === 'end') throw badFraming('bytes after the end')
      const text = line()
      if (text === undefined) break
      if (state === 'after-data') {
        if (text !== '') throw badFraming('a chunk is longer than its size')
        state = 'size'
      } else if (state === 'size') {
        if (!/^[0-9a-fA-F]{1,8}$/.test(text))
          throw badFraming(`expected a chunk size, got ${JSON.stringify(text.slice(0, 40))}`)
        leftBytes = Number.parseInt(text, 16)
        if (leftBytes > 0 && lastSizeBytes < smallestChunkBytes) {
          throw new AwsError(
            'InvalidChunkSizeError',
            'Only the last chunk is allowed to have a size less than 8192 bytes',
            403,
          )
        }
        lastSizeBytes = leftBytes
        state = leftBytes === 0 ? 'trailer' : 'data'
      } else if (text === '') {
        state = 'end'
      } else {
        const colon = text.indexOf(':')
        if (colon < 1 || ++trailers > mostTrailers) throw badFraming('expected a trailer')
        onTrailer(text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim())
      }
    }
  }
  if (state !== 'end') throw new AwsError('IncompleteBody', 'The request body terminated unexpectedly')
}

const badFraming = (what: string) =>
  new AwsError('MalformedTrailerError', `The request body is no aws-chunked stream: ${what}`)
