import type { Condition, Operand } from './condition-parser.ts'
import type { DocumentPath } from './document-path.ts'
import { keyAttributes, type Table } from './table.ts'
import { invalid } from './validation-error.ts'

/** All paths that a condition reads. */
export const conditionPaths = (condition: Condition): readonly DocumentPath[] => {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return [...conditionPaths(condition.left), ...conditionPaths(condition.right)]
    case 'not':
      return conditionPaths(condition.condition)
    case 'compare':
      return operandPaths([condition.left, condition.right])
    case 'between':
      return operandPaths([condition.operand, condition.low, condition.high])
    case 'in':
      return operandPaths([condition.operand, ...condition.options])
    case 'predicate':
      return operandPaths(condition.operands)
  }
}

const operandPaths = (operands: readonly Operand[]): readonly DocumentPath[] =>
  operands.flatMap((operand) => {
    if (operand.kind === 'path') return [operand.path]
    return operand.kind === 'size' ? operandPaths([operand.of]) : []
  })

/** Throws ValidationException when a path goes into a key attribute, which has no inside. */
export const refuseInsideKeys = (table: Table, paths: readonly DocumentPath[]): void => {
  const nested = new Set(paths.filter((path) => path.length > 1).map(([name]) => name))
  const keys = [
    ...keyAttributes(table.key).map(({ name }) => ({ name, kind: 'Key' })),
    ...table.indexes.flatMap((index) => keyAttributes(index.key).map(({ name }) => ({ name, kind: 'IndexKey' }))),
  ]
  const refused = keys.find(({ name }) => nested.has(name))
  if (refused) {
    throw invalid(
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: " +
        `${refused.kind}: ${refused.name}`,
    )
  }
}
