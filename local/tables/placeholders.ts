import { invalid, isInvalid } from './validation-error.ts'
import { type AttributeValue, checkValue } from './value.ts'

/** The names and values that a request's expressions may use, with a record of which were used. */
export type Placeholders = {
  readonly name: (placeholder: string) => string | undefined
  readonly value: (placeholder: string) => AttributeValue | undefined
  /** Throws ValidationException when one was never asked for. */
  readonly refuseUnused: () => void
}

type Given = {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>>
}

/** Throws ValidationException for empty maps, malformed placeholders and values, or when no expression is given. */
export const placeholdersOf = (
  given: Given,
  expressions: Readonly<Record<string, string | undefined>>,
): Placeholders => {
  const withValues = Object.keys(expressions).filter((parameter) => parameter !== 'ProjectionExpression')
  refuseWithoutExpression(given, expressions, withValues)
  const names = new Map(Object.entries(given.ExpressionAttributeNames ?? {}))
  const values = new Map<string, AttributeValue>()
  checkPlaceholders('ExpressionAttributeNames', given.ExpressionAttributeNames, '#')
  checkPlaceholders('ExpressionAttributeValues', given.ExpressionAttributeValues, ':')
  for (const [placeholder, input] of Object.entries(given.ExpressionAttributeValues ?? {})) {
    values.set(placeholder, checkedValue(placeholder, input))
  }
  const unusedNames = new Set(names.keys())
  const unusedValues = new Set(values.keys())
  return {
    name: (placeholder) => {
      unusedNames.delete(placeholder)
      return names.get(placeholder)
    },
    value: (placeholder) => {
      unusedValues.delete(placeholder)
      return values.get(placeholder)
    },
    refuseUnused: () => {
      refuse('ExpressionAttributeNames', unusedNames)
      refuse('ExpressionAttributeValues', unusedValues)
    },
  }
}

const refuseWithoutExpression = (
  given: Given,
  expressions: Readonly<Record<string, string | undefined>>,
  withValues: readonly string[],
): void => {
  if (given.ExpressionAttributeNames && Object.values(expressions).every((text) => text === undefined)) {
    throw invalid('ExpressionAttributeNames can only be specified when using expressions')
  }
  if (given.ExpressionAttributeValues && withValues.every((parameter) => expressions[parameter] === undefined)) {
    const verb = withValues.length > 1 ? 'are' : 'is'
    throw invalid(
      'ExpressionAttributeValues can only be specified when using expressions: ' +
        `${withValues.join(' and ')} ${verb} null`,
    )
  }
}

const checkPlaceholders = (parameter: string, given: object | undefined, mark: '#' | ':'): void => {
  if (!given) return
  const placeholders = Object.keys(given)
  if (placeholders.length === 0) throw invalid(`${parameter} must not be empty`)
  for (const placeholder of placeholders) {
    if (!placeholder.startsWith(mark) || !/^.\w+$/.test(placeholder)) {
      throw invalid(`${parameter} contains invalid key: Syntax error; key: "${placeholder}"`)
    }
  }
}

const checkedValue = (placeholder: string, input: unknown): AttributeValue => {
  try {
    return checkValue(input)
  } catch (error) {
    if (!isInvalid(error)) throw error
    throw invalid(`ExpressionAttributeValues contains invalid value: ${error.message} for key ${placeholder}`)
  }
}

const refuse = (parameter: string, unused: ReadonlySet<string>): void => {
  if (unused.size > 0) {
    throw invalid(`Value provided in ${parameter} unused in expressions: keys: {${[...unused].join(', ')}}`)
  }
}
