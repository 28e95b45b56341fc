import type { Cursor } from './cursor.ts'
import { type DocumentPath, refuseOverlap } from './document-path.ts'
import { type AttributeType, type AttributeValue, typeOf } from './value.ts'

export type Expression =
  | { readonly kind: 'value'; readonly value: AttributeValue }
  | { readonly kind: 'path'; readonly path: DocumentPath }
  | { readonly kind: 'if_not_exists'; readonly path: DocumentPath; readonly otherwise: Expression }
  | { readonly kind: 'list_append'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'plus' | 'minus'; readonly left: Expression; readonly right: Expression }

export type Action =
  | { readonly kind: 'set'; readonly path: DocumentPath; readonly expression: Expression }
  | { readonly kind: 'remove'; readonly path: DocumentPath }
  | { readonly kind: 'add' | 'delete'; readonly path: DocumentPath; readonly value: AttributeValue }

/**
 * A whole update expression; no two of its paths overlap. Throws ValidationException.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 */
export const parseUpdate = (cursor: Cursor): readonly Action[] => {
  const actions: Action[] = []
  const sections = new Set<string>()
  do {
    const section = cursor.peek().text.toUpperCase()
    const action = sectionActions.get(section)
    if (!action) throw cursor.syntaxError()
    cursor.next()
    if (sections.has(section)) {
      throw cursor.fail(`The "${section}" section can only be used once in an update expression;`)
    }
    sections.add(section)
    do actions.push(action(cursor))
    while (cursor.take(','))
  } while (cursor.peek().kind !== 'end')
  refuseOverlap(
    'UpdateExpression',
    actions.map(({ path }) => path),
  )
  return actions
}

const sectionActions = new Map<string, (cursor: Cursor) => Action>([
  ['SET', (cursor) => setAction(cursor)],
  ['REMOVE', (cursor) => ({ kind: 'remove', path: cursor.path() })],
  ['ADD', (cursor) => valueAction(cursor, 'add', ['N', 'SS', 'NS', 'BS'])],
  ['DELETE', (cursor) => valueAction(cursor, 'delete', ['SS', 'NS', 'BS'])],
])

const setAction = (cursor: Cursor): Action => {
  const path = cursor.path()
  cursor.expect('=')
  return { kind: 'set', path, expression: parenthesised(cursor, sum) }
}

// As AWS words them in these errors.
const typeNames: Readonly<Record<AttributeType, string>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  NULL: 'NULL',
  BOOL: 'BOOLEAN',
  L: 'LIST',
  M: 'MAP',
  SS: 'STRING_SET',
  NS: 'NUMBER_SET',
  BS: 'BINARY_SET',
}

const valueAction = (cursor: Cursor, kind: 'add' | 'delete', types: readonly AttributeType[]): Action => {
  const path = cursor.path()
  const value = cursor.value()
  if (!types.includes(typeOf(value))) {
    throw cursor.fail(
      'Incorrect operand type for operator or function; ' +
        `operator: ${kind.toUpperCase()}, operand type: ${typeNames[typeOf(value)]}`,
    )
  }
  return { kind, path, value }
}

// Brackets may hold a whole sum or just its first operand.
const parenthesised = (cursor: Cursor, inner: (cursor: Cursor) => Expression): Expression => {
  if (cursor.peek().text !== '(' || isSign(cursor.afterClosing().token.text)) return inner(cursor)
  cursor.next()
  const expression = inner(cursor)
  cursor.expect(')')
  return expression
}

const isSign = (text: string): boolean => text === '+' || text === '-'

const sum = (cursor: Cursor): Expression => {
  const left = operand(cursor)
  const sign = cursor.peek().text
  if (!isSign(sign)) return left
  cursor.next()
  const right = operand(cursor)
  for (const each of [left, right]) requireType(cursor, sign, each, 'N')
  return { kind: sign === '+' ? 'plus' : 'minus', left, right }
}

const operand = (cursor: Cursor): Expression => {
  if (cursor.peek().text === '(') return parenthesised(cursor, operand)
  if (cursor.peek().kind === 'value') return { kind: 'value', value: cursor.value() }
  if (cursor.peek().kind !== 'word' || cursor.peek(1).text !== '(') return { kind: 'path', path: cursor.path() }
  return call(cursor)
}

const call = (cursor: Cursor): Expression => {
  const name = cursor.next().text
  if (name !== 'if_not_exists' && name !== 'list_append') {
    throw cursor.fail(`Invalid function name; function: ${name}`)
  }
  cursor.expect('(')
  const operands = [operand(cursor)]
  while (cursor.take(',')) operands.push(operand(cursor))
  cursor.expect(')')
  const [left, right] = operands
  if (!left || !right || operands.length > 2) {
    throw cursor.fail(
      'Incorrect number of operands for operator or function; ' +
        `operator or function: ${name}, number of operands: ${operands.length}`,
    )
  }
  if (name === 'list_append') {
    for (const each of operands) requireType(cursor, name, each, 'L')
    return { kind: name, left, right }
  }
  if (left.kind !== 'path') {
    throw cursor.fail(`Operator or function requires a document path; operator or function: ${name}`)
  }
  return { kind: name, path: left.path, otherwise: right }
}

const requireType = (cursor: Cursor, operator: string, given: Expression, type: AttributeType): void => {
  if (given.kind === 'value' && typeOf(given.value) !== type) {
    throw cursor.fail(
      'Incorrect operand type for operator or function; ' +
        `operator or function: ${operator}, operand type: ${typeOf(given.value)}`,
    )
  }
}
