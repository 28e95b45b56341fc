import { formatDecimal, parseDecimal } from './decimal.ts'
import { invalid, invalidValue } from './validation-error.ts'

/** A value as on the wire: exactly one member. Numbers are in canonical digits once checked, binary is base64. */
export type AttributeValue = {
  readonly S?: string
  readonly N?: string
  readonly B?: string
  readonly BOOL?: boolean
  readonly NULL?: boolean
  readonly SS?: readonly string[]
  readonly NS?: readonly string[]
  readonly BS?: readonly string[]
  readonly L?: readonly AttributeValue[]
  readonly M?: Item
}
export type Item = Readonly<Record<string, AttributeValue>>
export type AttributeType = keyof AttributeValue

export const attributeTypes = ['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M'] as const

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-attributes
const maxDepth = 32

/** The one type of a checked value. */
export const typeOf = (value: AttributeValue): AttributeType => {
  // A checked value has exactly one member.
  for (const type in value) return type as AttributeType
  throw invalid(noType)
}

/** An item or key with canonical numbers. Throws ValidationException for anything that DynamoDB refuses. */
export const checkItem = (input: unknown): Item => checkMap(input, 1)

/** A value with canonical numbers. Throws ValidationException for anything that DynamoDB refuses. */
export const checkValue = (input: unknown, depth = 1): AttributeValue => {
  if (input === null || typeof input !== 'object' || Array.isArray(input)) throw invalid(noType)
  const members = Object.entries(input).filter(([, content]) => content !== null && content !== undefined)
  const [first, second] = members
  if (!first) throw invalid(noType)
  if (second) {
    throw invalid(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    )
  }
  if (depth > maxDepth) throw invalid('Nesting Levels have exceeded supported limits')
  return checkContent(first[0], first[1], depth)
}

const noType = 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'

const checkMap = (input: unknown, depth: number): Item => {
  if (input === null || typeof input !== 'object' || Array.isArray(input)) {
    throw invalid('Start of structure or map expected for a map of attribute values')
  }
  // A null prototype, so that an attribute may be called __proto__.
  const item: Record<string, AttributeValue> = Object.create(null)
  for (const [name, value] of Object.entries(input)) {
    if (name === '') throw invalidValue('Attribute name must not be empty')
    item[name] = checkValue(value, depth)
  }
  return item
}

const checkContent = (type: string, content: unknown, depth: number): AttributeValue => {
  switch (type) {
    case 'S':
      return { S: text(content) }
    case 'N':
      return { N: canonicalNumber(content) }
    case 'B':
      return { B: base64(content) }
    case 'BOOL':
      if (typeof content !== 'boolean') throw invalid(`${typeof content} cannot be converted to Boolean`)
      return { BOOL: content }
    case 'NULL':
      if (content !== true) throw invalidValue('Null attribute value types must have the value of true')
      return { NULL: true }
    case 'SS':
      return { SS: distinct(list(content).map(text), 'An string set  may not be empty') }
    case 'NS':
      return { NS: distinct(list(content).map(canonicalNumber), 'An number set  may not be empty') }
    case 'BS':
      return { BS: distinct(list(content).map(base64), 'Binary sets should not be empty') }
    case 'L':
      return { L: list(content).map((element) => checkValue(element, depth + 1)) }
    case 'M':
      return { M: checkMap(content, depth + 1) }
    default:
      throw invalid(noType)
  }
}

const text = (content: unknown): string => {
  if (typeof content !== 'string') throw invalid(`${typeof content} cannot be converted to String`)
  return content
}

const canonicalNumber = (content: unknown): string => formatDecimal(parseDecimal(text(content)))

const base64 = (content: unknown): string => {
  const encoded = text(content)
  if (Buffer.from(encoded, 'base64').toString('base64') !== encoded) {
    throw invalid('Invalid base64: the encoding of a binary value must be canonical and padded')
  }
  return encoded
}

const list = (content: unknown): readonly unknown[] => {
  if (!Array.isArray(content)) throw invalid('Unexpected field type: expected a list')
  return content
}

const distinct = (elements: readonly string[], whenEmpty: string): readonly string[] => {
  if (elements.length === 0) throw invalidValue(whenEmpty)
  if (new Set(elements).size < elements.length) {
    throw invalidValue(`Input collection [${elements.join(', ')}] contains duplicates.`)
  }
  return elements
}
