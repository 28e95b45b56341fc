import { type Coding, deflate, inflate } from '../../adapters/aws/compression.ts'
import type { Encoded } from '../../src/call/encoded.ts'
import type { RequestHeaders } from '../../src/ports.ts'

// In the order in which we write them; a caller who names neither first gets gzip.
const codings = ['gzip', 'deflate'] as const

// Below this the coding and its base64 cost more than they save on one packet.
const leastBytes = 1024

// Tensors of floating point hardly shrink, and 5 MB of them take 100 ms: a sample tells.
const sampleBytes = 16 * 1024
const worthwhileShare = 0.8

const weightPattern = /^q=(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/

/** Weights of the Accept-Encoding header, by lower-case coding; a weight that is none counts as 0. RFC 9110 12.5.3. */
const weightsOf = (header: string): ReadonlyMap<string, number> =>
  new Map(
    header.split(',').map((member) => {
      const [name = '', ...parameters] = member.split(';').map((part) => part.trim().toLowerCase())
      const weight = parameters.find((parameter) => parameter.startsWith('q='))
      if (weight === undefined) return [name, 1] as const
      return [name, weightPattern.test(weight) ? Number(weight.slice(2)) : 0] as const
    }),
  )

const weighing =
  (weights: ReadonlyMap<string, number>) =>
  (coding: string): number =>
    weights.get(coding) ?? weights.get('*') ?? 0

/** Whether the caller takes this coding at all. */
export const accepts = ({ 'accept-encoding': header = '' }: RequestHeaders, coding: Coding): boolean =>
  weighing(weightsOf(header))(coding) > 0

/** The coding that we wrote an answer in; undefined for none. */
export const codingOf = ({ headers }: Pick<Encoded, 'headers'>): Coding | undefined =>
  codings.find((coding) => coding === headers['content-encoding'])

/** The coding that the caller likes best of ours; undefined for none. */
const preferred = (header: string): Coding | undefined => {
  const weights = weightsOf(header)
  const weightOf = weighing(weights)
  const [best] = [...codings].sort((a, b) => weightOf(b) - weightOf(a))
  if (best === undefined || weightOf(best) === 0) return undefined
  return weightOf(best) >= (weights.get('identity') ?? 0) ? best : undefined
}

const bytesOf = (body: Encoded['body']): Uint8Array => (typeof body === 'string' ? Buffer.from(body) : body)

// What we wrote ourselves: at most what one answer holds, before it was made smaller.
const mostWrittenBytes = 256 * 1024 * 1024

const plain = (encoded: Encoded, coding: Coding): Encoded => {
  const { 'content-encoding': _, ...headers } = encoded.headers
  const inflated = inflate(bytesOf(encoded.body), coding, mostWrittenBytes)
  if (inflated.kind !== 'bytes') throw new Error(`answer: expected ${coding} that we wrote, got ${inflated.kind}`)
  return { body: inflated.bytes, headers }
}

const shrinks = (bytes: Uint8Array, coding: Coding): boolean => {
  const sample = bytes.subarray(0, sampleBytes)
  return deflate(sample, coding).length <= sample.length * worthwhileShare
}

const compressed = (encoded: Encoded, coding: Coding): Encoded => {
  const bytes = bytesOf(encoded.body)
  if (bytes.length < leastBytes || !shrinks(bytes, coding)) return encoded
  const body = deflate(bytes, coding)
  return { body, headers: { ...encoded.headers, 'content-encoding': coding, vary: 'accept-encoding' } }
}

/**
 * An answer in the coding that the caller accepts: gzip or deflate from 1 KiB on where its first 16 KiB shrink by a
 * fifth, else as it is. One that was compressed for another caller is inflated for who does not accept it.
 */
export const negotiate = ({ 'accept-encoding': header = '' }: RequestHeaders, encoded: Encoded): Encoded => {
  const written = codingOf(encoded)
  // A character is at most 3 bytes. Most answers are short, and reading the header takes longer than writing them.
  if (!written && (header === '' || encoded.body.length * 3 < leastBytes)) return encoded
  const wanted = preferred(header)
  if (written === wanted) return encoded
  const identity = written ? plain(encoded, written) : encoded
  return wanted ? compressed(identity, wanted) : identity
}
