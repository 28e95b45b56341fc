/** Addresses of one family, by their first bits: RFC 4632 and RFC 4291 2.3. */
export type IpRange = { readonly family: 4 | 6; readonly first: bigint; readonly prefixBits: number }

const familyBits = { 4: 32, 6: 128 } as const

const v4 = (text: string): bigint | undefined => {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  let value = 0n
  for (const part of parts) {
    // Without leading zeros: some readers take them for octal.
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined
    value = value * 256n + BigInt(part)
  }
  return value
}

const groupsOf = (text: string): readonly string[] | undefined => {
  if (text === '') return []
  const groups = text.split(':')
  const last = groups.at(-1) ?? ''
  if (!last.includes('.')) return groups
  const value = v4(last)
  if (value === undefined) return undefined
  return [...groups.slice(0, -1), (value >> 16n).toString(16), (value & 0xffffn).toString(16)]
}

const v6 = (text: string): bigint | undefined => {
  const sides = text.split('::')
  if (sides.length > 2) return undefined
  const [head, tail] = sides.map(groupsOf)
  if (!head || (sides.length === 2 && !tail)) return undefined
  const given = head.length + (tail?.length ?? 0)
  if (tail ? given > 7 : given !== 8) return undefined
  const groups = [...head, ...Array.from({ length: 8 - given }, () => '0'), ...(tail ?? [])]
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined
  return groups.reduce((value, group) => value * 65_536n + BigInt(`0x${group}`), 0n)
}

// RFC 4291 2.5.5.2: ::ffff:a.b.c.d is the IPv4 address in it.
const mapped = 0xffffn

type Address = Pick<IpRange, 'family'> & { readonly value: bigint }

const parseAddress = (text: string): Address | undefined => {
  const four = v4(text)
  if (four !== undefined) return { family: 4, value: four }
  const six = v6(text)
  if (six === undefined) return undefined
  return six >> 32n === mapped ? { family: 4, value: six & 0xffff_ffffn } : { family: 6, value: six }
}

/** `10.0.0.0/8`, `2001:db8::/32`, or one address -> the range; undefined for another text, and for bits behind the prefix. */
export const parseRange = (text: string): IpRange | undefined => {
  const [address = '', prefix, ...more] = text.split('/')
  const parsed = parseAddress(address)
  if (!parsed || more.length > 0) return undefined
  const bits = familyBits[parsed.family]
  if (prefix !== undefined && !/^(?:0|[1-9]\d{0,2})$/.test(prefix)) return undefined
  // ::ffff:10.0.0.0/104 is 10.0.0.0/8.
  const written = prefix === undefined ? bits : Number(prefix)
  const prefixBits = parsed.family === 4 && address.includes(':') && prefix !== undefined ? written - 96 : written
  if (prefixBits < 0 || prefixBits > bits) return undefined
  const below = BigInt(bits - prefixBits)
  return (parsed.value >> below) << below === parsed.value
    ? { family: parsed.family, first: parsed.value, prefixBits }
    : undefined
}

/** Whether every address of a range is in another. */
const isInside = (range: IpRange, other: IpRange): boolean => {
  if (range.family !== other.family || range.prefixBits < other.prefixBits) return false
  const below = BigInt(familyBits[other.family] - other.prefixBits)
  return range.first >> below === other.first >> below
}

// By the array: the ranges of a key are asked for at each of its requests, and its record is kept for half a minute.
const parsed = new WeakMap<readonly string[], readonly IpRange[]>()

const rangesOf = (texts: readonly string[]): readonly IpRange[] => {
  const known = parsed.get(texts)
  if (known) return known
  const ranges = texts.map(parseRange).filter((range) => range !== undefined)
  parsed.set(texts, ranges)
  return ranges
}

/** Whether each of these ranges lies inside one of the others. Texts that are no range lie nowhere. */
export const areInside = (ranges: readonly string[], others: readonly string[]): boolean => {
  const around = rangesOf(others)
  return ranges.every((text) => {
    const range = parseRange(text)
    return range !== undefined && around.some((other) => isInside(range, other))
  })
}
