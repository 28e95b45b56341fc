/**
 * JSONata expressions and templates with the functions that Step Functions adds.
 * Does: $partition, $range, $hash, $random, $uuid, $parse. Does not: $eval, which AWS refuses too.
 * `unverified on AWS`: the number that $random(seed) gives for a seed.
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
import { createHash, randomUUID } from 'node:crypto'
import jsonata from 'jsonata'
import { StateError } from './state-error.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }
export type Variables = Readonly<Record<string, Json>>

/** The expression's text when the string is one, else undefined. */
export const expressionOf = (text: string): string | undefined =>
  text.startsWith('{%') && text.endsWith('%}') ? text.slice(2, -2).trim() : undefined

/** Compiles an expression. Throws Error with the reason when it cannot be parsed or calls $eval. */
export const compile = (text: string): jsonata.Expression => {
  const known = compiled.get(text)
  if (known !== undefined) return known
  let expression: jsonata.Expression
  try {
    expression = jsonata(text)
  } catch (error) {
    // jsonata throws plain objects with a message.
    throw new Error(`expression ${text}: ${(error as { message: string }).message}`)
  }
  if (callsEval(expression.ast())) throw new Error(`expression ${text}: $eval is not supported, use $parse for JSON`)
  compiled.set(text, expression)
  return expression
}

/** The value of a template: every string `{% ... %}` in it is evaluated. Throws States.QueryEvaluationError. */
export const evaluate = async (template: unknown, states: unknown, variables: Variables): Promise<Json> => {
  if (typeof template === 'string') {
    const text = expressionOf(template)
    return text === undefined ? template : run(text, states, variables)
  }
  if (Array.isArray(template)) {
    const values: Json[] = []
    for (const element of template) values.push(await evaluate(element, states, variables))
    return values
  }
  if (template !== null && typeof template === 'object') {
    const value: Record<string, Json> = {}
    for (const [name, member] of Object.entries(template)) value[name] = await evaluate(member, states, variables)
    return value
  }
  return template as Json // a number, boolean or null of a JSON text
}

const compiled = new Map<string, jsonata.Expression>()

const callsEval = (node: unknown): boolean => {
  if (node === null || typeof node !== 'object') return false
  const { type, value } = node as { type?: unknown; value?: unknown }
  return (type === 'variable' && value === 'eval') || Object.values(node).some(callsEval)
}

const run = async (text: string, states: unknown, variables: Variables): Promise<Json> => {
  let value: unknown
  try {
    value = await compile(text).evaluate(undefined, { ...functions, ...variables, states })
  } catch (error) {
    throw new StateError('States.QueryEvaluationError', `expression ${text}: ${(error as { message: string }).message}`)
  }
  if (value === undefined || typeof value === 'function') {
    throw new StateError('States.QueryEvaluationError', `expression ${text}: it returned nothing (undefined)`)
  }
  // JSONata's sequences are arrays with extra members; the round trip leaves plain JSON.
  return JSON.parse(JSON.stringify(value)) as Json
}

const hashNames: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
}

/** "The array can contain up to 1000 elements", AWS's page on intrinsic functions, ArrayRange. */
const longestRange = 1000

const functions = {
  uuid: () => randomUUID(),
  parse: (text: string) => JSON.parse(text) as unknown,
  random: (seed?: number) => (seed === undefined ? Math.random() : mulberry32(seed)),
  hash: (data: string, algorithm: string) => {
    const name = hashNames[algorithm]
    if (name === undefined) throw new Error(`$hash: expected one of ${Object.keys(hashNames)}, got ${algorithm}`)
    return createHash(name).update(data).digest('hex')
  },
  partition: (array: readonly unknown[], size: number) => {
    if (!Number.isInteger(size) || size < 1) throw new Error(`$partition: expected a positive integer, got ${size}`)
    const list = Array.isArray(array) ? array : [array]
    return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => [...list.slice(i * size, (i + 1) * size)])
  },
  range: (first: number, last: number, delta: number) => {
    const length = Math.max(0, Math.floor((last - first) / delta) + 1)
    if (delta === 0 || length > longestRange) {
      throw new Error(`$range: expected a delta that gives at most ${longestRange} elements, got ${delta}`)
    }
    return Array.from({ length }, (_, i) => first + i * delta)
  },
  eval: () => {
    throw new Error('$eval is not supported')
  },
}

/** One number in [0,1) of a seed. T. Ettinger, mulberry32, public domain. */
const mulberry32 = (seed: number) => {
  let t = (seed + 0x6d2b79f5) | 0
  t = Math.imul(t ^ (t >>> 15), t | 1)
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}
