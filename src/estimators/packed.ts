/** Numbers as base64 of their little-endian bytes: exact, and a third of the length of decimal text. */
export const packFloat32 = (values: Float32Array): string =>
  toBase64(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))

export const packFloat64 = (values: Float64Array): string =>
  toBase64(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))

export const unpackFloat32 = (text: string): Float32Array => new Float32Array(fromBase64(text).buffer)

export const unpackFloat64 = (text: string): Float64Array => new Float64Array(fromBase64(text).buffer)

// RFC 4648, table 1. Typed arrays are little-endian on every machine that Node runs on here.
const alphabet = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
const padding = '='.charCodeAt(0)
const sixBits = 63

const sextets = new Uint8Array(128)
alphabet.forEach((character, sextet) => {
  sextets[character] = sextet
})

const toBase64 = (bytes: Uint8Array): string => {
  const text = new Uint8Array(Math.ceil(bytes.length / 3) * 4)
  let at = 0
  for (let i = 0; i < bytes.length; i += 3) {
    const three = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    text[at++] = alphabet[three >> 18]!
    text[at++] = alphabet[(three >> 12) & sixBits]!
    text[at++] = alphabet[(three >> 6) & sixBits]!
    text[at++] = alphabet[three & sixBits]!
  }
  const missing = (3 - (bytes.length % 3)) % 3
  text.fill(padding, text.length - missing)
  return new TextDecoder().decode(text)
}

const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => {
  const characters = new TextEncoder().encode(text)
  const padded = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = new Uint8Array((characters.length / 4) * 3 - padded)
  let at = 0
  for (let i = 0; i < characters.length; i += 4) {
    const three =
      (sextets[characters[i]!]! << 18) |
      (sextets[characters[i + 1]!]! << 12) |
      (sextets[characters[i + 2]!]! << 6) |
      sextets[characters[i + 3]!]!
    // Writes past the end of a typed array do nothing: the padding's bytes.
    bytes[at++] = three >> 16
    bytes[at++] = three >> 8
    bytes[at++] = three
  }
  return bytes
}
