import { addDecimals, formatDecimal, negate, parseDecimal } from './decimal.ts'
import { attribute, type PathTree, pathTree, valueAt } from './document-path.ts'
import type { Action, Expression } from './update-parser.ts'
import { invalid } from './validation-error.ts'
import { type AttributeValue, type Item, typeOf } from './value.ts'

/** The item after all actions, each of which sees the item as it was. Throws ValidationException. */
export const updated = (item: Item, actions: readonly Action[]): Item => {
  if (actions.length === 0) return item
  const tree = pathTree(actions.map((action) => [action.path, newValue(item, action)] as const))
  return changed({ M: item }, tree)!.M!
}

/** What a path holds afterwards; undefined when it is to be removed. */
const newValue = (item: Item, action: Action): AttributeValue | undefined => {
  switch (action.kind) {
    case 'set':
      return evaluate(item, action.expression)
    case 'remove':
      return undefined
    case 'add':
      return added(valueAt(item, action.path), action.value)
    case 'delete':
      return withoutElements(valueAt(item, action.path), action.value)
  }
}

const changed = (value: AttributeValue | undefined, tree: PathTree<AttributeValue | undefined>) => {
  if (tree.kind === 'leaf') return tree.leaf
  // Paths with a clash of names and positions are refused when parsed: one branch tells for all.
  const [step] = tree.branches.keys()
  if (typeof step === 'string' && value?.M) return { M: changedMap(value.M, tree.branches) }
  if (typeof step === 'number' && value?.L) return { L: changedList(value.L, tree.branches) }
  throw invalid('The document path provided in the update expression is invalid for update')
}

type Branches = ReadonlyMap<string | number, PathTree<AttributeValue | undefined>>

const changedMap = (map: Item, branches: Branches): Item => {
  // A null prototype, so that an attribute may be called __proto__.
  const result: Record<string, AttributeValue> = Object.assign(Object.create(null), map)
  for (const [step, tree] of branches) {
    const next = changed(attribute(map, String(step)), tree)
    if (next === undefined) delete result[step]
    else result[step] = next
  }
  return result
}

// Positions are those of the list as it was; what lies beyond its end is appended in the order of the positions.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
const changedList = (list: readonly AttributeValue[], branches: Branches): readonly AttributeValue[] => {
  const result: (AttributeValue | undefined)[] = [...list]
  const positions = [...branches.keys()].map(Number).sort((a, b) => a - b)
  for (const position of positions) {
    const next = changed(list[position], branches.get(position)!)
    if (position < list.length) result[position] = next
    else result.push(next)
  }
  return result.filter((element) => element !== undefined)
}

const evaluate = (item: Item, expression: Expression): AttributeValue => {
  switch (expression.kind) {
    case 'value':
      return expression.value
    case 'path': {
      const value = valueAt(item, expression.path)
      if (value) return value
      throw invalid('The provided expression refers to an attribute that does not exist in the item')
    }
    case 'if_not_exists':
      return valueAt(item, expression.path) ?? evaluate(item, expression.otherwise)
    case 'list_append': {
      const left = evaluate(item, expression.left)
      const right = evaluate(item, expression.right)
      if (left.L && right.L) return { L: [...left.L, ...right.L] }
      throw wrongType()
    }
    case 'plus':
    case 'minus': {
      const left = evaluate(item, expression.left)
      const right = evaluate(item, expression.right)
      if (left.N === undefined || right.N === undefined) throw wrongType()
      const term = parseDecimal(right.N)
      return sumOf(parseDecimal(left.N), expression.kind === 'plus' ? term : negate(term))
    }
  }
}

const added = (old: AttributeValue | undefined, value: AttributeValue): AttributeValue => {
  if (!old) return value
  if (typeOf(old) !== typeOf(value)) throw wrongType()
  if (value.N !== undefined) return sumOf(parseDecimal(old.N!), parseDecimal(value.N))
  const { type, elements } = setOf(old)
  return { [type]: [...new Set([...elements, ...setOf(value).elements])] }
}

const withoutElements = (old: AttributeValue | undefined, value: AttributeValue): AttributeValue | undefined => {
  if (!old) return undefined
  if (typeOf(old) !== typeOf(value)) throw wrongType()
  const removed = new Set(setOf(value).elements)
  const { type, elements } = setOf(old)
  const left = elements.filter((element) => !removed.has(element))
  // A set is never empty: with its last element the attribute goes.
  return left.length === 0 ? undefined : { [type]: left }
}

const setOf = (value: AttributeValue): { type: 'SS' | 'NS' | 'BS'; elements: readonly string[] } => {
  for (const type of ['SS', 'NS', 'BS'] as const) {
    const elements = value[type]
    if (elements) return { type, elements }
  }
  throw wrongType()
}

const sumOf = (...[a, b]: Parameters<typeof addDecimals>): AttributeValue => ({ N: formatDecimal(addDecimals(a, b)) })

const wrongType = () => invalid('An operand in the update expression has an incorrect data type')
