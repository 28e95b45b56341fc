import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeChunked } from '../../../local/objects/chunked.ts'

async function decode(pieces: readonly Uint8Array[]) {
  const trailers: Record<string, string> = {}
  const parts: Buffer[] = []
  async function* source() {
    yield* pieces
  }
  for await (const part of decodeChunked(source(), (name, value) => {
    trailers[name] = value
  }))
    parts.push(part)
  return { body: Buffer.concat(parts), trailers }
}

const encode = (chunks: readonly Uint8Array[], trailer = 'x-amz-checksum-crc32:AAAAAA==') =>
  Buffer.concat([
    ...chunks.flatMap((chunk) => [Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]),
    Buffer.from(`0\r\n${trailer}\r\n\r\n`),
  ])

test('any chunks, cut anywhere on the wire -> the same bytes and trailer', async () => {
  const big = fc.uint8Array({ minLength: 8192, maxLength: 9000 })
  const last = fc.uint8Array({ minLength: 1, maxLength: 300 })
  await fc.assert(
    fc.asyncProperty(
      fc.array(big, { maxLength: 3 }),
      last,
      fc.array(fc.nat(), { maxLength: 12 }),
      async (chunks, end, cuts) => {
        const wire = encode([...chunks, end])
        const at = [0, ...cuts.map((cut) => cut % wire.length).sort((a, b) => a - b), wire.length]
        const pieces = at.slice(1).map((stop, index) => wire.subarray(at[index], stop))
        const { body, trailers } = await decode(pieces)
        expect(body.equals(Buffer.concat([...chunks, end]))).toBe(true)
        expect(trailers).toEqual({ 'x-amz-checksum-crc32': 'AAAAAA==' })
      },
    ),
    { numRuns: 100 },
  )
})

test('any prefix of a stream -> IncompleteBody, never a short body', async () => {
  const wire = encode([Buffer.from('hello')])
  for (let length = 0; length < wire.length; length++) {
    await expect(decode([wire.subarray(0, length)])).rejects.toMatchObject({ code: 'IncompleteBody' })
  }
})

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
test.for([
  { given: 'a chunk size that is no number', wire: 'zz\r\nhello\r\n0\r\n\r\n', code: 'MalformedTrailerError' },
  { given: 'a negative size', wire: '-1\r\n\r\n', code: 'MalformedTrailerError' },
  { given: 'a chunk longer than its size', wire: '2\r\nhello\r\n0\r\n\r\n', code: 'MalformedTrailerError' },
  { given: 'bytes after the end', wire: '0\r\n\r\nmore', code: 'MalformedTrailerError' },
  { given: 'a line without end', wire: 'a'.repeat(9000), code: 'MalformedTrailerError' },
  { given: 'a small chunk that is not the last', wire: '1\r\na\r\n1\r\nb\r\n0\r\n\r\n', code: 'InvalidChunkSizeError' },
])('$given -> $code', async ({ wire, code }) => {
  await expect(decode([Buffer.from(wire)])).rejects.toMatchObject({ code })
})

test('random bytes -> a refusal of ours or a body, never another fault', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      const outcome = await decode([bytes]).catch((error) => error)
      expect(outcome).toSatisfy((it: object) => 'body' in it || 'code' in it)
    }),
  )
})
