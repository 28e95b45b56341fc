import type { Cursor } from './cursor.ts'
import { type DocumentPath, pathText } from './document-path.ts'
import { type AttributeValue, attributeTypes, typeOf } from './value.ts'
import { compareValues } from './value-order.ts'

export type Operand =
  | { readonly kind: 'value'; readonly value: AttributeValue }
  | { readonly kind: 'path'; readonly path: DocumentPath }
  | { readonly kind: 'size'; readonly of: Operand }

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>='
export type Predicate = 'attribute_exists' | 'attribute_not_exists' | 'attribute_type' | 'begins_with' | 'contains'

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'compare'; readonly comparator: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly operand: Operand; readonly options: readonly Operand[] }
  | { readonly kind: 'predicate'; readonly predicate: Predicate; readonly operands: readonly Operand[] }

/**
 * A whole condition, filter or key condition expression. Throws ValidationException.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
export const parseCondition = (cursor: Cursor): Condition => {
  const condition = either(cursor)
  cursor.expectEnd()
  return condition
}

const comparators: ReadonlySet<string> = new Set<Comparator>(['=', '<>', '<', '<=', '>', '>='])
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Condition.html: IN takes up to 100 operands.
const maxOptions = 100
const operandCounts = new Map([
  ['attribute_exists', 1],
  ['attribute_not_exists', 1],
  ['attribute_type', 2],
  ['begins_with', 2],
  ['contains', 2],
  ['size', 1],
])

const either = (cursor: Cursor): Condition => {
  let left = both(cursor)
  while (cursor.take('OR')) left = { kind: 'or', left, right: both(cursor) }
  return left
}

const both = (cursor: Cursor): Condition => {
  let left = negated(cursor)
  while (cursor.take('AND')) left = { kind: 'and', left, right: negated(cursor) }
  return left
}

const negated = (cursor: Cursor): Condition =>
  cursor.take('NOT') ? { kind: 'not', condition: negated(cursor) } : primary(cursor)

const primary = (cursor: Cursor): Condition => {
  if (cursor.peek().text !== '(' || startsComparison(cursor.afterClosing().token.text)) return comparison(cursor)
  refuseRedundantParentheses(cursor)
  cursor.expect('(')
  const condition = either(cursor)
  cursor.expect(')')
  return condition
}

const startsComparison = (text: string): boolean => comparators.has(text) || /^(between|in)$/i.test(text)

const refuseRedundantParentheses = (cursor: Cursor): void => {
  if (cursor.peek(1).text === '(' && cursor.afterClosing(1).ahead + 1 === cursor.afterClosing().ahead) {
    throw cursor.fail('The expression has redundant parentheses;')
  }
}

const comparison = (cursor: Cursor): Condition => {
  const call = predicate(cursor)
  if (call) return call
  const left = operand(cursor)
  if (cursor.take('BETWEEN')) {
    const low = operand(cursor)
    cursor.expect('AND')
    const high = operand(cursor)
    checkBounds(cursor, low, high)
    return { kind: 'between', operand: left, low, high }
  }
  if (cursor.take('IN')) {
    cursor.expect('(')
    const options = operands(cursor)
    if (options.length > maxOptions) {
      throw cursor.fail(`The IN operator is provided with too many operands; number of operands: ${options.length}`)
    }
    return { kind: 'in', operand: left, options }
  }
  if (!comparators.has(cursor.peek().text)) {
    if (left.kind === 'size') throw misused(cursor, 'size')
    throw cursor.syntaxError()
  }
  // The set holds comparators only.
  const comparator = cursor.next().text as Comparator
  const right = operand(cursor)
  checkComparison(cursor, comparator, left, right)
  return { kind: 'compare', comparator, left, right }
}

const predicate = (cursor: Cursor): Condition | undefined => {
  if (cursor.peek().kind !== 'word' || cursor.peek(1).text !== '(' || cursor.peek().text === 'size') return undefined
  const name = cursor.next().text
  if (!operandCounts.has(name)) throw cursor.fail(`Invalid function name; function: ${name}`)
  cursor.next()
  const given = operands(cursor)
  // Every key of the table but `size`, which was excluded above, is a predicate.
  const call = name as Predicate
  checkCall(cursor, call, given)
  if (startsComparison(cursor.peek().text)) throw misused(cursor, name)
  return { kind: 'predicate', predicate: call, operands: given }
}

const operand = (cursor: Cursor): Operand => {
  if (cursor.peek().text === '(') {
    refuseRedundantParentheses(cursor)
    cursor.next()
    const inner = operand(cursor)
    cursor.expect(')')
    return inner
  }
  if (cursor.peek().kind === 'value') return { kind: 'value', value: cursor.value() }
  if (cursor.peek().kind !== 'word' || cursor.peek(1).text !== '(') return { kind: 'path', path: cursor.path() }
  const name = cursor.next().text
  if (!operandCounts.has(name)) throw cursor.fail(`Invalid function name; function: ${name}`)
  if (name !== 'size') throw misused(cursor, name)
  cursor.next()
  const given = operands(cursor)
  checkCount(cursor, name, given)
  const of = given[0]!
  if (of.kind === 'value' && ['N', 'BOOL', 'NULL'].includes(typeOf(of.value))) {
    throw wrongType(cursor, name, of.value)
  }
  return { kind: 'size', of }
}

/** Operands up to and with the closing bracket. */
const operands = (cursor: Cursor): readonly Operand[] => {
  const list = [operand(cursor)]
  while (cursor.take(',')) list.push(operand(cursor))
  cursor.expect(')')
  return list
}

const misused = (cursor: Cursor, name: string) =>
  cursor.fail(`The function is not allowed to be used this way in an expression; function: ${name}`)

const wrongType = (cursor: Cursor, name: string, value: AttributeValue) =>
  cursor.fail(
    `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${typeOf(value)}`,
  )

const checkCount = (cursor: Cursor, name: string, given: readonly Operand[]): void => {
  if (given.length !== operandCounts.get(name)) {
    throw cursor.fail(
      'Incorrect number of operands for operator or function; ' +
        `operator or function: ${name}, number of operands: ${given.length}`,
    )
  }
}

const checkCall = (cursor: Cursor, name: Predicate, given: readonly Operand[]): void => {
  checkCount(cursor, name, given)
  const [first, second] = given
  if ((name === 'attribute_exists' || name === 'attribute_not_exists') && first!.kind !== 'path') {
    throw cursor.fail(`Operator or function requires a document path; operator or function: ${name}`)
  }
  if (second) refuseSameOperand(cursor, name, first!, second)
  if (name === 'begins_with') {
    for (const each of given) {
      if (each.kind === 'value' && each.value.S === undefined && each.value.B === undefined) {
        throw wrongType(cursor, name, each.value)
      }
    }
  }
  if (name === 'attribute_type') checkTypeName(cursor, second!)
}

const checkTypeName = (cursor: Cursor, named: Operand): void => {
  if (named.kind !== 'value') {
    throw cursor.fail(
      'Incorrect operand type for operator or function; ' +
        'operator or function: attribute_type, operand type: {NS,SS,L,BS,N,M,B,BOOL,NULL,S}',
    )
  }
  if (named.value.S === undefined) throw wrongType(cursor, 'attribute_type', named.value)
  if (!(attributeTypes as readonly string[]).includes(named.value.S)) {
    throw cursor.fail(
      `Invalid attribute type name found; type: ${named.value.S}, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}`,
    )
  }
}

const checkComparison = (cursor: Cursor, comparator: Comparator, left: Operand, right: Operand): void => {
  refuseSameOperand(cursor, comparator, left, right)
  if (comparator === '=' || comparator === '<>') return
  for (const each of [left, right]) {
    if (each.kind === 'value' && compareValues(each.value, each.value) === undefined) {
      throw wrongType(cursor, comparator, each.value)
    }
  }
}

const refuseSameOperand = (cursor: Cursor, operator: string, first: Operand, second: Operand): void => {
  if (first.kind !== 'path' || second.kind !== 'path' || pathText(first.path) !== pathText(second.path)) return
  throw cursor.fail(
    'The first operand must be distinct from the remaining operands for this operator or function; ' +
      `operator: ${operator}, first operand: ${pathText(first.path)}`,
  )
}

const checkBounds = (cursor: Cursor, low: Operand, high: Operand): void => {
  if (low.kind !== 'value' || high.kind !== 'value') return
  const bounds =
    `lower bound operand: AttributeValue: ${boundText(low.value)}, ` +
    `upper bound operand: AttributeValue: ${boundText(high.value)}`
  if (typeOf(low.value) !== typeOf(high.value)) {
    throw cursor.fail(`The BETWEEN operator requires same data type for lower and upper bounds; ${bounds}`)
  }
  const order = compareValues(low.value, high.value)
  if (order === undefined) throw wrongType(cursor, 'BETWEEN', low.value)
  if (order > 0) {
    throw cursor.fail(`The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ${bounds}`)
  }
}

const boundText = (value: AttributeValue): string => `{${typeOf(value)}:${value[typeOf(value)]}}`
