import { AwsError } from '../service.ts'
import { invalid } from './validation-error.ts'

/** Reads a part of a request; `at` is its place as AWS writes it, such as `requestItems.t.member.1`. */
export type Shape<T> = (input: unknown, at: string) => T

type Field<T, Required extends boolean> = { readonly required: Required; readonly shape: Shape<T> }
type Fields = Readonly<Record<string, Field<unknown, boolean>>>
type Content<F> = F extends Field<infer T, boolean> ? T : never
export type StructOf<F extends Fields> = {
  readonly [Name in keyof F as F[Name]['required'] extends true ? Name : never]: Content<F[Name]>
} & { readonly [Name in keyof F as F[Name]['required'] extends true ? never : Name]?: Content<F[Name]> }

export const needed = <T>(shape: Shape<T>): Field<T, true> => ({ required: true, shape })
export const optional = <T>(shape: Shape<T>): Field<T, false> => ({ required: false, shape })

/** ValidationException for one member, in AWS's words. */
const constraint = (value: unknown, at: string, rule: string) =>
  invalid(
    `1 validation error detected: Value ${value === null ? 'null' : `'${valueText(value)}'`} at '${at}' ` +
      `failed to satisfy constraint: ${rule}`,
  )

const valueText = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))

const wrongType = (input: unknown, at: string, type: string): AwsError =>
  new AwsError('SerializationException', `${at}: ${Array.isArray(input) ? 'list' : typeof input} is not a ${type}`)

export const text: Shape<string> = (input, at) => {
  if (typeof input !== 'string') throw wrongType(input, at, 'string')
  return input
}

export const flag: Shape<boolean> = (input, at) => {
  if (typeof input !== 'boolean') throw wrongType(input, at, 'boolean')
  return input
}

export const integer =
  (least: number, most: number = Number.MAX_SAFE_INTEGER): Shape<number> =>
  (input, at) => {
    if (typeof input !== 'number' || !Number.isInteger(input)) throw wrongType(input, at, 'integer')
    if (input < least) throw constraint(input, at, `Member must have value greater than or equal to ${least}`)
    if (input > most) throw constraint(input, at, `Member must have value less than or equal to ${most}`)
    return input
  }

export const textBetween =
  (least: number, most: number, pattern?: RegExp): Shape<string> =>
  (input, at) => {
    const given = text(input, at)
    checkLength(given, given.length, at, least, most)
    if (pattern && !pattern.test(given)) {
      const source = pattern.source.replace(/^\^|\$$/g, '')
      throw constraint(given, at, `Member must satisfy regular expression pattern: ${source}`)
    }
    return given
  }

export const oneOf =
  <const T extends string>(...choices: readonly T[]): Shape<T> =>
  (input, at) => {
    const choice = choices.find((each) => each === text(input, at))
    if (choice === undefined) throw constraint(input, at, `Member must satisfy enum value set: [${choices.join(', ')}]`)
    return choice
  }

export const listOf =
  <T>(shape: Shape<T>, least = 0, most: number = Number.MAX_SAFE_INTEGER): Shape<readonly T[]> =>
  (input, at) => {
    if (!Array.isArray(input)) throw wrongType(input, at, 'list')
    checkLength(input, input.length, at, least, most)
    return input.map((element, position) => shape(element, `${at}.${position + 1}.member`))
  }

export const mapOf =
  <T>(shape: Shape<T>, least = 0): Shape<Readonly<Record<string, T>>> =>
  (input, at) => {
    const entries = Object.entries(objectOf(input, at))
    checkLength(input, entries.length, at, least, Number.MAX_SAFE_INTEGER)
    return Object.fromEntries(entries.map(([name, member]) => [name, shape(member, `${at}.${name}.member`)]))
  }

/** A structure: null members count as absent; a member that it does not have is refused by name. */
export const struct =
  <const F extends Fields>(fields: F): Shape<StructOf<F>> =>
  (input, at) => {
    const given = objectOf(input, at)
    const result: Record<string, unknown> = {}
    for (const [name, { shape, required }] of Object.entries(fields)) {
      const place = (at === '' ? '' : `${at}.`) + name.charAt(0).toLowerCase() + name.slice(1)
      const member = given[name]
      if (member !== undefined && member !== null) result[name] = shape(member, place)
      else if (required) throw constraint(null, place, 'Member must not be null')
    }
    for (const name in given) {
      if (!Object.hasOwn(fields, name)) throw invalid(`Unknown parameter '${name}'${at === '' ? '' : ` in '${at}'`}`)
    }
    // Every required field was found and every field was read by its own shape.
    return result as StructOf<F>
  }

/** A parameter of AWS that this runtime does not have. */
export const refused =
  (remedy: string): Shape<undefined> =>
  (_input, at) => {
    throw invalid(`Parameter '${at}' is not supported by the local runtime; ${remedy}`)
  }

/** Attribute values, which are read only once the caller is known to have access. */
export const attributes: Shape<Readonly<Record<string, unknown>>> = (input, at) => objectOf(input, at)

const objectOf = (input: unknown, at: string): Readonly<Record<string, unknown>> => {
  if (input === null || typeof input !== 'object' || Array.isArray(input))
    throw wrongType(input, at, 'structure or map')
  // An object of JSON has text names only.
  return input as Readonly<Record<string, unknown>>
}

const checkLength = (value: unknown, length: number, at: string, least: number, most: number): void => {
  if (length < least) throw constraint(value, at, `Member must have length greater than or equal to ${least}`)
  if (length > most) throw constraint(value, at, `Member must have length less than or equal to ${most}`)
}
