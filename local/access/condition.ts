/**
 * Condition blocks of IAM policies.
 * Does: string, ARN, numeric, Bool and Null operators, IfExists, ForAnyValue, ForAllValues.
 * Does not: dates, IP addresses, binary values, policy variables; each is an error when the policy is read.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
import type { RequestContext } from '../service.ts'
import { arnGlobOf, globOf } from './pattern.ts'

export type Condition = (context: RequestContext) => boolean

/** A condition block as a function of the request's condition keys. Throws on an operator that it does not know. */
export function conditionOf(block: unknown, where: string): Condition {
  if (block === undefined) return () => true
  const tests = Object.entries(block as Readonly<Record<string, Readonly<Record<string, unknown>>>>).flatMap(
    ([operator, keys]) => Object.entries(keys).map(([key, values]) => testOf(operator, key, listOf(values), where)),
  )
  return (context) => tests.every((test) => test(context))
}

const listOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value : [value]).map(String)

function testOf(written: string, key: string, expected: readonly string[], where: string): Condition {
  const [, set, name = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/.exec(written) ?? []
  const variable = expected.find((value) => value.includes('${'))
  if (variable) throw new Error(`${where}: policy variables are not supported: ${variable}`)
  if (name === 'Null') return (context) => expected.includes(String(find(context, key) === undefined))
  const positive = operators[name]
  const negative = operators[negated[name] ?? '']
  const matcher = positive ?? negative
  if (!matcher) throw new Error(`${where}: condition operator ${written} is not supported`)
  const matchers = expected.map(matcher)
  const holds = (value: string) => matchers.some((matches) => matches(value)) === (positive !== undefined)
  return (context) => {
    const values = find(context, key)
    if (values === undefined) return ifExists !== undefined || negative !== undefined || set === 'ForAllValues'
    return set === 'ForAllValues' || (negative !== undefined && set === undefined)
      ? values.every(holds)
      : values.some(holds)
  }
}

// Condition keys do not distinguish case; values do.
function find(context: RequestContext, key: string): readonly string[] | undefined {
  const name = key.toLowerCase()
  for (const [each, value] of Object.entries(context)) {
    if (each.toLowerCase() === name) return typeof value === 'string' ? [value] : value
  }
  return undefined
}

type Matcher = (expected: string) => (value: string) => boolean

const numeric =
  (holds: (value: number, expected: number) => boolean): Matcher =>
  (expected) =>
  (value) =>
    holds(Number(value), Number(expected))

const operators: Readonly<Record<string, Matcher>> = {
  ArnEquals: arnGlobOf,
  ArnLike: arnGlobOf,
  Bool: (expected) => (value) => value.toLowerCase() === expected.toLowerCase(),
  NumericEquals: numeric((value, expected) => value === expected),
  NumericGreaterThan: numeric((value, expected) => value > expected),
  NumericGreaterThanEquals: numeric((value, expected) => value >= expected),
  NumericLessThan: numeric((value, expected) => value < expected),
  NumericLessThanEquals: numeric((value, expected) => value <= expected),
  StringEquals: (expected) => (value) => value === expected,
  StringEqualsIgnoreCase: (expected) => (value) => value.toLowerCase() === expected.toLowerCase(),
  StringLike: (expected) => globOf(expected),
}

const negated: Readonly<Record<string, string>> = {
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
}
