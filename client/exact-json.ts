// A text, or a number with all that belongs to it.
const tokens = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g
const longInteger = /^-?\d{16,}$/

/** JSON whose whole numbers of 16 digits and more, which a double would round, come as their text. */
export const parseExactly = (text: string): unknown =>
  JSON.parse(text.replace(tokens, (token) => (longInteger.test(token) ? `"${token}"` : token)))
