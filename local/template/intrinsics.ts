/**
 * CloudFormation's intrinsic functions.
 * Does: Ref, GetAtt, Sub, Join, Select, Split, If, Equals, And, Or, Not, Condition, FindInMap, Base64, ImportValue,
 * ToJsonString, Length, GetAZs of the local region. Does not: Cidr, ForEach, Transform and rule functions, nor `{{resolve:...}}`.
 */

import { region } from '../service.ts'

/** What AWS::NoValue gives: the property or list member that holds it is left out. */
export const noValue: unique symbol = Symbol('AWS::NoValue')

export type Scope = {
  readonly fail: (message: string) => Error
  readonly ref: (name: string) => unknown
  readonly attribute: (logicalId: string, attribute: string) => string
  readonly condition: (name: string) => boolean
  readonly mapping: (map: string, first: string, second: string) => unknown
  readonly importValue: (name: string) => string
}

/** A function that resolves every intrinsic function within a value. Throws on one that it does not know. */
export function evaluator(scope: Scope): (value: unknown) => unknown {
  const { fail } = scope

  function evaluate(value: unknown): unknown {
    if (typeof value === 'string') {
      if (value.includes('{{resolve:')) throw fail(`dynamic reference ${value} is not supported`)
      return value
    }
    if (Array.isArray(value)) return value.map(evaluate).filter((each) => each !== noValue)
    if (value === null || typeof value !== 'object') return value
    const entries = Object.entries(value)
    const [name, argument] = entries[0] ?? ['', undefined]
    if (entries.length === 1 && isIntrinsic(name, argument)) {
      const apply = intrinsics[name]
      if (!apply) throw fail(`intrinsic function ${name} is not supported`)
      return apply(argument)
    }
    const intrinsic = entries.find(([key]) => key.startsWith('Fn::'))
    if (intrinsic) throw fail(`${intrinsic[0]} must stand alone, got ${entries.map(([key]) => key).join(', ')}`)
    return Object.fromEntries(
      entries.map(([key, each]) => [key, evaluate(each)] as const).filter(([, each]) => each !== noValue),
    )
  }

  const list = (value: unknown, what: string, length?: number): readonly unknown[] => {
    if (Array.isArray(value) && (length === undefined || value.length === length)) return value
    throw fail(`${what}: expected a list${length === undefined ? '' : ` of ${length}`}, got ${JSON.stringify(value)}`)
  }
  const text = (value: unknown, what: string): string => {
    const resolved = evaluate(value)
    if (['string', 'number', 'boolean'].includes(typeof resolved)) return String(resolved)
    throw fail(`${what}: expected text, got ${JSON.stringify(resolved)}`)
  }
  const truth = (value: unknown, what: string): boolean => {
    const resolved = evaluate(value)
    if (typeof resolved === 'boolean') return resolved
    throw fail(`${what}: expected a condition, got ${JSON.stringify(resolved)}`)
  }
  const getAtt = (name: string) => {
    const dot = name.indexOf('.')
    return scope.attribute(name.slice(0, dot), name.slice(dot + 1))
  }

  function substitute(argument: unknown): string {
    const [template, variables] = typeof argument === 'string' ? [argument, {}] : list(argument, 'Fn::Sub', 2)
    // CloudFormation checks the shape of Fn::Sub's second member; its values are resolved below, one by one.
    const given = variables as Record<string, unknown>
    return String(template).replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`
      if (name in given) return text(given[name], `Fn::Sub ${name}`)
      return name.includes('.') ? getAtt(name) : text({ Ref: name }, `Fn::Sub ${name}`)
    })
  }

  const intrinsics: Readonly<Record<string, (argument: unknown) => unknown>> = {
    Ref: (name) => scope.ref(String(name)),
    Condition: (name) => scope.condition(String(name)),
    'Fn::GetAtt': (argument) => {
      if (typeof argument === 'string') return getAtt(argument)
      const [logicalId, attribute] = list(argument, 'Fn::GetAtt', 2)
      return scope.attribute(String(logicalId), text(attribute, 'Fn::GetAtt'))
    },
    'Fn::Sub': substitute,
    'Fn::Join': (argument) => {
      const [separator, parts] = list(argument, 'Fn::Join', 2)
      return list(evaluate(parts), 'Fn::Join')
        .map((part) => text(part, 'Fn::Join'))
        .join(String(separator))
    },
    'Fn::Select': (argument) => {
      const [index, from] = list(argument, 'Fn::Select', 2)
      const values = list(evaluate(from), 'Fn::Select')
      const value = values[Number(evaluate(index))]
      if (value === undefined) throw fail(`Fn::Select: no member ${index} in ${JSON.stringify(values)}`)
      return value
    },
    'Fn::Split': (argument) => {
      const [separator, from] = list(argument, 'Fn::Split', 2)
      return text(from, 'Fn::Split').split(String(separator))
    },
    'Fn::If': (argument) => {
      const [name, then, otherwise] = list(argument, 'Fn::If', 3)
      return evaluate(scope.condition(String(name)) ? then : otherwise)
    },
    'Fn::Equals': (argument) => {
      const [left, right] = list(argument, 'Fn::Equals', 2)
      return text(left, 'Fn::Equals') === text(right, 'Fn::Equals')
    },
    'Fn::And': (argument) => list(argument, 'Fn::And').every((each) => truth(each, 'Fn::And')),
    'Fn::Or': (argument) => list(argument, 'Fn::Or').some((each) => truth(each, 'Fn::Or')),
    'Fn::Not': (argument) => !truth(list(argument, 'Fn::Not', 1)[0], 'Fn::Not'),
    'Fn::FindInMap': (argument) => {
      const keys = list(argument, 'Fn::FindInMap', 3).map((key) => text(key, 'Fn::FindInMap'))
      const value = scope.mapping(keys[0]!, keys[1]!, keys[2]!)
      if (value === undefined) throw fail(`Fn::FindInMap: no entry ${keys.join('.')}`)
      return value
    },
    'Fn::Base64': (argument) => Buffer.from(text(argument, 'Fn::Base64')).toString('base64'),
    'Fn::ImportValue': (argument) => scope.importValue(text(argument, 'Fn::ImportValue')),
    'Fn::ToJsonString': (argument) => JSON.stringify(evaluate(argument)),
    'Fn::GetAZs': () => ['a', 'b', 'c'].map((zone) => region + zone),
    'Fn::Length': (argument) => list(evaluate(argument), 'Fn::Length').length,
  }
  return evaluate
}

// `Condition` is also a plain key: of a policy statement (with an object), or of an IAM document.
const isIntrinsic = (name: string, argument: unknown) =>
  name.startsWith('Fn::') || name === 'Ref' || (name === 'Condition' && typeof argument === 'string')
