import type { AttributeValue, Item } from './value.ts'

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
const containerOverhead = 3
const elementOverhead = 1

/** Bytes of an item by DynamoDB's published rules: names in UTF-8 plus values. */
export const itemSizeBytes = (item: Item): number => {
  let size = 0
  for (const [name, value] of Object.entries(item)) size += Buffer.byteLength(name) + valueSizeBytes(value)
  return size
}

const valueSizeBytes = (value: AttributeValue): number => {
  if (value.S !== undefined) return Buffer.byteLength(value.S)
  if (value.N !== undefined) return numberSizeBytes(value.N)
  if (value.B !== undefined) return Buffer.byteLength(value.B, 'base64')
  if (value.SS) return sum(value.SS, (element) => Buffer.byteLength(element))
  if (value.NS) return sum(value.NS, numberSizeBytes)
  if (value.BS) return sum(value.BS, (element) => Buffer.byteLength(element, 'base64'))
  if (value.L) return containerOverhead + sum(value.L, (element) => valueSizeBytes(element) + elementOverhead)
  if (value.M) return containerOverhead + itemSizeBytes(value.M) + elementOverhead * Object.keys(value.M).length
  return 1
}

// One byte for two significant digits, one for the rest, one more for a sign.
const numberSizeBytes = (digits: string): number => {
  const significant = digits
    .replace(/^-?0*\.?0*/, '')
    .replace('.', '')
    .replace(/0+$/, '').length
  return Math.ceil(significant / 2) + 1 + (digits.startsWith('-') ? 1 : 0)
}

const sum = <T>(elements: readonly T[], size: (element: T) => number): number =>
  elements.reduce((total, element) => total + size(element), 0)
