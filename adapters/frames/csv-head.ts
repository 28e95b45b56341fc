import { open } from 'node:fs/promises'
import { PercallError } from '../../src/errors.ts'

/** A header longer than this is no header. */
const headBytes = 1024 * 1024

export type CsvHead = { readonly text: string; readonly bytes: Uint8Array; readonly sizeBytes: number }

/** The first megabyte of a file, less a character that is cut. Throws BAD_TABLE for other text than UTF-8. */
export const readHead = async (file: string): Promise<CsvHead> => {
  const handle = await open(file)
  try {
    const { size } = await handle.stat()
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0)
    const bytes = buffer.subarray(0, bytesRead)
    return { text: decodeHead(bytes, bytesRead === size), bytes, sizeBytes: size }
  } finally {
    await handle.close()
  }
}

const decodeHead = (bytes: Uint8Array, whole: boolean): string => {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  if (utf16) throw new PercallError('BAD_TABLE', 'line 1: expected UTF-8, got UTF-16')
  try {
    // A head that was cut may end inside a character.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !whole })
  } catch {
    const line = firstLineOutsideUtf8(bytes)
    throw new PercallError('BAD_TABLE', `line ${line}: expected UTF-8, got other bytes`)
  }
}

const firstLineOutsideUtf8 = (bytes: Uint8Array): number => {
  let line = 1
  for (let from = 0; from < bytes.length; line++) {
    const end = bytes.indexOf(10, from)
    const to = end < 0 ? bytes.length : end + 1
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(from, to))
    } catch {
      return line
    }
    from = to
  }
  return line
}
