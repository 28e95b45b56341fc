import type { Comparator, Condition, Operand, Predicate } from './condition-parser.ts'
import { valueAt } from './document-path.ts'
import { type AttributeValue, type Item, typeOf } from './value.ts'
import { compareValues, equalValues } from './value-order.ts'

/** Whether an item meets a condition; an item that does not exist is the empty item. */
export const meets = (condition: Condition, item: Item): boolean => {
  switch (condition.kind) {
    case 'and':
      return meets(condition.left, item) && meets(condition.right, item)
    case 'or':
      return meets(condition.left, item) || meets(condition.right, item)
    case 'not':
      return !meets(condition.condition, item)
    case 'compare':
      return compares(condition.comparator, operandValue(condition.left, item), operandValue(condition.right, item))
    case 'between': {
      const value = operandValue(condition.operand, item)
      return (
        compares('>=', value, operandValue(condition.low, item)) &&
        compares('<=', value, operandValue(condition.high, item))
      )
    }
    case 'in': {
      const value = operandValue(condition.operand, item)
      return condition.options.some((option) => compares('=', value, operandValue(option, item)))
    }
    case 'predicate':
      return holds(condition.predicate, operandValue(condition.operands[0]!, item), condition.operands[1], item)
  }
}

// What does not exist differs from everything that does, and meets no other comparison.
const compares = (comparator: Comparator, a: AttributeValue | undefined, b: AttributeValue | undefined): boolean => {
  if (a === undefined || b === undefined) return comparator === '<>' && a !== b
  if (comparator === '=') return equalValues(a, b)
  if (comparator === '<>') return !equalValues(a, b)
  const order = compareValues(a, b)
  if (order === undefined) return false
  switch (comparator) {
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
  }
}

const holds = (predicate: Predicate, value: AttributeValue | undefined, second: Operand | undefined, item: Item) => {
  if (predicate === 'attribute_exists') return value !== undefined
  if (predicate === 'attribute_not_exists') return value === undefined
  const other = operandValue(second!, item)
  if (value === undefined || other === undefined) return false
  switch (predicate) {
    case 'attribute_type':
      return typeOf(value) === other.S
    case 'begins_with':
      return beginsWith(value, other)
    case 'contains':
      return contains(value, other)
  }
}

const beginsWith = (value: AttributeValue, prefix: AttributeValue): boolean => {
  if (value.S !== undefined && prefix.S !== undefined) return value.S.startsWith(prefix.S)
  if (value.B === undefined || prefix.B === undefined) return false
  const bytes = Buffer.from(prefix.B, 'base64')
  return Buffer.from(value.B, 'base64').subarray(0, bytes.length).equals(bytes)
}

const contains = (value: AttributeValue, part: AttributeValue): boolean => {
  if (value.L) return value.L.some((element) => equalValues(element, part))
  if (part.S !== undefined) return value.S?.includes(part.S) ?? value.SS?.includes(part.S) ?? false
  if (part.N !== undefined) return value.NS?.includes(part.N) ?? false
  if (part.B === undefined) return false
  if (value.B !== undefined) return Buffer.from(value.B, 'base64').includes(Buffer.from(part.B, 'base64'))
  return value.BS?.includes(part.B) ?? false
}

const operandValue = (operand: Operand, item: Item): AttributeValue | undefined => {
  if (operand.kind === 'value') return operand.value
  if (operand.kind === 'path') return valueAt(item, operand.path)
  const size = sizeOf(operandValue(operand.of, item))
  return size === undefined ? undefined : { N: String(size) }
}

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html: the length
// of a string, the bytes of binary, the elements of a set, list or map. Strings in UTF-8 bytes: unverified on AWS.
const sizeOf = (value: AttributeValue | undefined): number | undefined => {
  if (!value) return undefined
  if (value.S !== undefined) return Buffer.byteLength(value.S)
  if (value.B !== undefined) return Buffer.byteLength(value.B, 'base64')
  if (value.M) return Object.keys(value.M).length
  return (value.L ?? value.SS ?? value.NS ?? value.BS)?.length
}
