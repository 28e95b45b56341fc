import { PercallError } from '../../src/errors.ts'

/** U+FFFD in UTF-8: the gateway hands a text body over as a string, in which bytes that are not UTF-8 became this. */
const replacement = Buffer.of(0xef, 0xbf, 0xbd)

/** The bytes of a table as text, if they came through the gateway unbroken. Throws BAD_TABLE that names the line. */
export const requireUnbroken = (body: Uint8Array): Uint8Array => {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  const at = bytes.indexOf(replacement)
  if (at < 0) return body
  const line = bytes.subarray(0, at).toString('latin1').split('\n').length
  throw new PercallError('BAD_TABLE', `line ${line}: expected UTF-8, got other bytes (or U+FFFD)`)
}
