import type { Condition, Operand } from './condition-parser.ts'
import { afterPrefix, keyBytes } from './key-bytes.ts'
import type { KeyAttribute, KeySchema } from './table.ts'
import { invalid, invalidValue } from './validation-error.ts'
import type { AttributeValue } from './value.ts'

export type Bound = { readonly bytes: Uint8Array; readonly inclusive: boolean }
/** One partition and the part of its sort keys that a query reads. */
export type KeyRange = { readonly partition: AttributeValue; readonly from: Bound | null; readonly to: Bound | null }

type Comparison = '=' | '<' | '<=' | '>' | '>=' | 'between' | 'begins_with'
type KeyTest = { readonly name: string; readonly comparison: Comparison; readonly values: readonly AttributeValue[] }

/**
 * What a key condition selects. Throws ValidationException for anything but one partition and one range of sort keys.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html
 */
export const keyRange = (condition: Condition, key: KeySchema): KeyRange => {
  const tests = keyTests(condition)
  const names = tests.map(({ name }) => name)
  if (new Set(names).size < names.length) {
    throw invalid('KeyConditionExpressions must only contain one condition per key')
  }
  if (tests.length > 2) throw invalid('Conditions can be of length 1 or 2 only')
  const partition = tests.find(({ name }) => name === key.partition.name)
  if (!partition) throw invalid(`Query condition missed key schema element: ${key.partition.name}`)
  if (partition.comparison !== '=') throw invalid('Query key condition not supported')
  checkValues(partition, key.partition)
  const sort = tests.find((test) => test !== partition)
  if (!sort) return { partition: partition.values[0]!, from: null, to: null }
  if (!key.sort) throw invalid('Query key condition not supported')
  if (sort.name !== key.sort.name) throw invalid(`Query condition missed key schema element: ${key.sort.name}`)
  checkValues(sort, key.sort)
  return { partition: partition.values[0]!, ...bounds(sort, key.sort) }
}

const bounds = ({ comparison, values }: KeyTest, { type }: KeyAttribute): Pick<KeyRange, 'from' | 'to'> => {
  const bytes = keyBytes(values[0]!)
  const bound = { bytes, inclusive: true }
  switch (comparison) {
    case '=':
      return { from: bound, to: bound }
    case '<':
    case '<=':
      return { from: null, to: { bytes, inclusive: comparison === '<=' } }
    case '>':
    case '>=':
      return { from: { bytes, inclusive: comparison === '>=' }, to: null }
    case 'between':
      return { from: bound, to: { bytes: keyBytes(values[1]!), inclusive: true } }
    case 'begins_with': {
      if (type === 'N') {
        throw invalidValue('Invalid operator used in KeyConditionExpression: begins_with does not take a number')
      }
      const after = afterPrefix(bytes)
      return { from: bound, to: after ? { bytes: after, inclusive: false } : null }
    }
  }
}

const keyTests = (condition: Condition): readonly KeyTest[] => {
  switch (condition.kind) {
    case 'and':
      return [...keyTests(condition.left), ...keyTests(condition.right)]
    case 'or':
    case 'not':
    case 'in':
      throw invalidOperator(condition.kind.toUpperCase())
    case 'predicate':
      if (condition.predicate !== 'begins_with') throw invalidOperator(condition.predicate)
      return [keyTest('begins_with', condition.operands[0]!, condition.operands.slice(1))]
    case 'between':
      return [keyTest('between', condition.operand, [condition.low, condition.high])]
    case 'compare':
      if (condition.comparator === '<>') throw invalidOperator('<>')
      return condition.left.kind === 'path' || condition.right.kind !== 'path'
        ? [keyTest(condition.comparator, condition.left, [condition.right])]
        : [keyTest(mirrored[condition.comparator], condition.right, [condition.left])]
  }
}

const mirrored = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const

const keyTest = (comparison: Comparison, tested: Operand, others: readonly Operand[]): KeyTest => {
  if ([tested, ...others].some(({ kind }) => kind === 'size')) {
    throw invalid('KeyConditionExpressions cannot contain nested operations')
  }
  if (tested.kind !== 'path') {
    throw invalid('Invalid condition in KeyConditionExpression: No key attribute specified')
  }
  const values = others.map((other) => {
    if (other.kind === 'value') return other.value
    throw invalid('Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition')
  })
  if (tested.path.length > 1) throw invalid('KeyConditionExpressions cannot have conditions on nested attributes')
  return { name: tested.path[0], comparison, values }
}

const checkValues = ({ values }: KeyTest, { name, type }: KeyAttribute): void => {
  for (const value of values) {
    if (value[type] === undefined) throw invalidValue('Condition parameter type does not match schema type')
    if (value[type] === '') {
      throw invalid(
        'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an ' +
          `empty ${type === 'S' ? 'string' : 'binary'} value. Key: ${name}`,
      )
    }
  }
}

const invalidOperator = (operator: string) => invalid(`Invalid operator used in KeyConditionExpression: ${operator}`)
