import { compareDecimals, parseDecimal } from './decimal.ts'
import { type AttributeValue, typeOf } from './value.ts'

/** Deep equality as `=` has it: numbers by value, sets without order, never across types. */
export const equalValues = (a: AttributeValue, b: AttributeValue): boolean => {
  const type = typeOf(a)
  if (type !== typeOf(b)) return false
  switch (type) {
    case 'SS':
    case 'NS':
    case 'BS': {
      const others = new Set(b[type])
      return a[type]!.length === others.size && a[type]!.every((element) => others.has(element))
    }
    case 'L':
      return a.L!.length === b.L!.length && a.L!.every((element, at) => equalValues(element, b.L![at]!))
    case 'M': {
      const names = Object.keys(a.M!)
      return (
        names.length === Object.keys(b.M!).length &&
        names.every((name) => b.M![name] !== undefined && equalValues(a.M![name]!, b.M![name]!))
      )
    }
    default:
      return a[type] === b[type]
  }
}

/** Order of two values of one of the ordered types (S by UTF-8 bytes, N by value, B by bytes); undefined otherwise. */
export const compareValues = (a: AttributeValue, b: AttributeValue): number | undefined => {
  if (a.N !== undefined && b.N !== undefined) return compareDecimals(parseDecimal(a.N), parseDecimal(b.N))
  if (a.S !== undefined && b.S !== undefined) return Buffer.compare(Buffer.from(a.S), Buffer.from(b.S))
  if (a.B !== undefined && b.B !== undefined) {
    return Buffer.compare(Buffer.from(a.B, 'base64'), Buffer.from(b.B, 'base64'))
  }
  return undefined
}
