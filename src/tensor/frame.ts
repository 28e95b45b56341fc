import { PercallError } from '../errors.ts'

/** Request and response header of a body that has binary data behind its JSON. */
export const headerLengthName = 'inference-header-content-length'

/** A body of the binary tensor data extension: JSON of `headerBytes` bytes, then the tensors' data in order. */
export type Frame = { readonly body: Uint8Array; readonly headerBytes: number }

export const joinFrame = (json: string, parts: readonly Uint8Array[]): Frame => {
  const header = new TextEncoder().encode(json)
  const body = new Uint8Array(parts.reduce((sum, { length }) => sum + length, header.length))
  body.set(header)
  let offset = header.length
  for (const part of parts) {
    body.set(part, offset)
    offset += part.length
  }
  return { body, headerBytes: header.length }
}

// 15 digits stay below 2^53; nothing but digits: no sign, no fraction, and no list of two values.
const wholeNumber = /^\d{1,15}$/

/** The header's value as a number of bytes of a body. Throws BAD_REQUEST for anything but 0 to `bodyBytes`. */
export const parseHeaderLength = (value: string, bodyBytes: number): number => {
  const headerBytes = wholeNumber.test(value) ? Number(value) : Number.NaN
  if (headerBytes <= bodyBytes) return headerBytes
  throw new PercallError(
    'BAD_REQUEST',
    `${headerLengthName}: expected 0 to the body's ${bodyBytes} bytes, got ${JSON.stringify(value)}`,
  )
}

/** Takes a frame's binary data part by part. */
export type Parts = {
  /** The next `sizeBytes` bytes. Throws SHAPE_MISMATCH when fewer are left. */
  readonly take: (what: string, sizeBytes: number) => Uint8Array
  /** Throws SHAPE_MISMATCH when bytes are left that no tensor took. */
  readonly end: () => void
}

export const partsOf = (binary: Uint8Array): Parts => {
  let offset = 0
  return {
    take: (what, sizeBytes) => {
      const left = binary.length - offset
      if (sizeBytes > left)
        throw new PercallError(
          'SHAPE_MISMATCH',
          `${what}: expected ${sizeBytes} bytes of binary data behind the JSON, got ${left}`,
        )
      offset += sizeBytes
      return binary.subarray(offset - sizeBytes, offset)
    },
    end: () => {
      if (offset === binary.length) return
      throw new PercallError(
        'SHAPE_MISMATCH',
        `body: expected ${offset} bytes of binary data behind the JSON, got ${binary.length}`,
      )
    },
  }
}
