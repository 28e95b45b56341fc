/** Distinct byte texts, numbered from 1 in the order in which they came: 0 is left for the missing one. */
export type Dictionary = {
  size: number
  /** The texts one behind the other. */
  bytes: Uint8Array
  /** End of each text in `bytes`, by number. */
  ends: Uint32Array
  hashes: Int32Array
  /** Open addressing: the number of a text, 0 where free. */
  slots: Uint32Array
  /** Whether all is ASCII. */
  ascii: boolean
}

const firstSlots = 64
const firstBytes = 256

export const newDictionary = (): Dictionary => ({
  size: 0,
  bytes: new Uint8Array(firstBytes),
  ends: new Uint32Array(firstSlots / 2 + 1),
  hashes: new Int32Array(firstSlots / 2 + 1),
  slots: new Uint32Array(firstSlots),
  ascii: true,
})

/** FNV-1a, whose low bits are then mixed by a shift: http://www.isthe.com/chongo/tech/comp/fnv/ */
const hashOf = (bytes: Uint8Array, from: number, to: number): number => {
  let hash = -2128831035
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ bytes[at]!, 16777619)
  return hash ^ (hash >>> 15)
}

/** Called before a text that is not all ASCII is kept; may throw. */
export type CheckText = (bytes: Uint8Array, from: number, to: number) => void

/** The number of a text, which is added when it is new. */
export const numberOf = (
  dictionary: Dictionary,
  bytes: Uint8Array,
  from: number,
  to: number,
  check: CheckText,
): number => {
  const hash = hashOf(bytes, from, to)
  const { slots, ends, hashes, bytes: kept } = dictionary
  const mask = slots.length - 1
  let slot = hash & mask
  for (let number = slots[slot]!; number !== 0; number = slots[slot]!) {
    if (hashes[number] === hash) {
      const begin = ends[number - 1]!
      if (ends[number]! - begin === to - from) {
        let at = from
        while (at < to && kept[begin + at - from] === bytes[at]) at++
        if (at === to) return number
      }
    }
    slot = (slot + 1) & mask
  }
  return add(dictionary, hash, bytes, from, to, check)
}

const add = (
  dictionary: Dictionary,
  hash: number,
  bytes: Uint8Array,
  from: number,
  to: number,
  check: CheckText,
): number => {
  const number = dictionary.size + 1
  const begin = dictionary.ends[number - 1]!
  const end = begin + to - from
  let ascii = true
  for (let at = from; at < to; at++) if (bytes[at]! > 127) ascii = false
  if (!ascii) check(bytes, from, to)
  if (number >= dictionary.ends.length) enlarge(dictionary)
  if (end > dictionary.bytes.length) {
    const larger = new Uint8Array(Math.max(end, 2 * dictionary.bytes.length))
    larger.set(dictionary.bytes)
    dictionary.bytes = larger
  }
  dictionary.bytes.set(bytes.subarray(from, to), begin)
  dictionary.ends[number] = end
  dictionary.hashes[number] = hash
  dictionary.ascii &&= ascii
  dictionary.size = number
  place(dictionary.slots, hash, number)
  return number
}

const place = (slots: Uint32Array, hash: number, number: number): void => {
  const mask = slots.length - 1
  let slot = hash & mask
  while (slots[slot] !== 0) slot = (slot + 1) & mask
  slots[slot] = number
}

/** At most half of the slots are taken. */
const enlarge = (dictionary: Dictionary): void => {
  const slots = new Uint32Array(2 * dictionary.slots.length)
  const ends = new Uint32Array(slots.length / 2 + 1)
  const hashes = new Int32Array(slots.length / 2 + 1)
  ends.set(dictionary.ends)
  hashes.set(dictionary.hashes)
  for (let number = 1; number <= dictionary.size; number++) place(slots, hashes[number]!, number)
  Object.assign(dictionary, { slots, ends, hashes })
}

/** A string of V8 holds 2^29 - 24 characters. */
const mostTogether = 2 ** 28

/** The texts by number; the missing one is null. */
export const textsOf = ({ size, bytes, ends, ascii }: Dictionary): readonly (string | null)[] => {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const texts = new Array<string | null>(size + 1)
  texts[0] = null
  const end = ends[size]!
  // One text cut into slices is several times faster than a call of the decoder for each.
  const whole = ascii && end <= mostTogether ? decoder.decode(bytes.subarray(0, end)) : undefined
  for (let number = 1; number <= size; number++) {
    const from = ends[number - 1]!
    const to = ends[number]!
    texts[number] = whole === undefined ? decoder.decode(bytes.subarray(from, to)) : whole.slice(from, to)
  }
  return texts
}
