/**
 * Event patterns.
 * Does: values, prefix, suffix, equals-ignore-case, anything-but, numeric, exists, wildcard, $or, nested fields, arrays.
 * Does not: cidr and whatever else: refused when the rule is added.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */

export type Matches = (event: unknown) => boolean

/** Compiles a pattern. Throws Error that names the field and the operator. */
export const compilePattern = (pattern: unknown, path = ''): Matches => {
  if (!isObject(pattern)) throw new Error(`event pattern ${path}: expected an object, got ${JSON.stringify(pattern)}`)
  const parts = Object.entries(pattern).map(([name, wanted]) => {
    const place = path === '' ? name : `${path}.${name}`
    if (name === '$or') return either(place, wanted)
    return Array.isArray(wanted) ? leaf(name, place, wanted) : nested(name, place, wanted)
  })
  if (parts.length === 0) throw new Error(`event pattern ${path}: expected at least one field, got {}`)
  return (event) => parts.every((part) => part(event))
}

type Test = (value: unknown) => boolean
type Members = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Members =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

const either = (place: string, wanted: unknown): Matches => {
  if (!Array.isArray(wanted) || wanted.length < 2)
    throw new Error(`event pattern ${place}: expected two or more patterns`)
  const alternatives = wanted.map((pattern) => compilePattern(pattern, place))
  return (event) => alternatives.some((matches) => matches(event))
}

const nested = (name: string, place: string, wanted: unknown): Matches => {
  const inner = compilePattern(wanted, place)
  return (event) => {
    const value = isObject(event) ? event[name] : undefined
    return Array.isArray(value) ? value.some(inner) : inner(value)
  }
}

const leaf = (name: string, place: string, wanted: readonly unknown[]): Matches => {
  if (wanted.length === 0) throw new Error(`event pattern ${place}: expected values, got []`)
  const tests = wanted.map((test) => alternative(place, test))
  return (event) => {
    const value = isObject(event) ? event[name] : undefined
    // "If the value in the event is an array, the pattern matches if any of its elements match."
    const values = Array.isArray(value) ? value : [value]
    // "exists works on leaf nodes only": an object counts as absent.
    const leaves = values.filter((each) => each !== undefined && !isObject(each))
    return tests.some(({ exists, test }) => (exists === undefined ? leaves.some(test) : exists === leaves.length > 0))
  }
}

type Alternative = { readonly exists?: boolean; readonly test: Test }

const alternative = (place: string, wanted: unknown): Alternative => {
  if (wanted === null || ['string', 'number', 'boolean'].includes(typeof wanted)) {
    return { test: (value) => value === wanted }
  }
  const entries = isObject(wanted) ? Object.entries(wanted) : []
  const [operator, operand] = entries[0] ?? []
  if (entries.length !== 1 || operator === undefined) {
    throw new Error(`event pattern ${place}: expected one operator, got ${JSON.stringify(wanted)}`)
  }
  if (operator === 'exists') {
    if (typeof operand !== 'boolean') throw unexpected(place, operator, operand)
    return { exists: operand, test: () => true }
  }
  return { test: operatorTest(place, operator, operand) }
}

const unexpected = (place: string, operator: string, operand: unknown) =>
  new Error(`event pattern ${place}: operator ${operator} does not take ${JSON.stringify(operand)}`)

const operatorTest = (place: string, operator: string, operand: unknown): Test => {
  const make = operators[operator]
  if (make === undefined) throw new Error(`event pattern ${place}: operator ${operator} is not supported`)
  const test = make(operand, place)
  if (test === undefined) throw unexpected(place, operator, operand)
  return test
}

const ofText =
  (test: (value: string) => boolean): Test =>
  (value) =>
    typeof value === 'string' && test(value)

/** The text to compare with, and how to normalise the event's: `{"equals-ignore-case": x}` ignores case. */
const textOperand = (operand: unknown) => {
  if (typeof operand === 'string') return { text: operand, fold: (value: string) => value }
  const ignored = isObject(operand) ? operand['equals-ignore-case'] : undefined
  if (typeof ignored !== 'string' || Object.keys(operand as Members).length !== 1) return undefined
  return { text: ignored.toLowerCase(), fold: (value: string) => value.toLowerCase() }
}

const comparisons: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '=': (left, right) => left === right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
}

const operators: Readonly<Record<string, (operand: unknown, place: string) => Test | undefined>> = {
  prefix: (operand) => {
    const wanted = textOperand(operand)
    return wanted && ofText((value) => wanted.fold(value).startsWith(wanted.text))
  },
  suffix: (operand) => {
    const wanted = textOperand(operand)
    return wanted && ofText((value) => wanted.fold(value).endsWith(wanted.text))
  },
  'equals-ignore-case': (operand) => {
    if (typeof operand !== 'string') return undefined
    return ofText((value) => value.toLowerCase() === operand.toLowerCase())
  },
  wildcard: (operand) => {
    // "Consecutive wildcards are not supported"; \* and \\ are literals.
    if (typeof operand !== 'string' || operand.includes('**')) return undefined
    const source = operand.replace(/\\[*\\]|[\\^$.*+?()[\]{}|]/g, (part) =>
      part === '*' ? '.*' : part.length === 2 ? part : `\\${part}`,
    )
    const expression = new RegExp(`^${source}$`, 'su')
    return ofText((value) => expression.test(value))
  },
  numeric: (operand) => {
    if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) return undefined
    const bounds = Array.from({ length: operand.length / 2 }, (_, i) => ({
      holds: comparisons[String(operand[2 * i])],
      bound: operand[2 * i + 1] as unknown,
    }))
    if (bounds.some(({ holds, bound }) => holds === undefined || typeof bound !== 'number')) return undefined
    return (value) => typeof value === 'number' && bounds.every(({ holds, bound }) => holds!(value, bound as number))
  },
  'anything-but': (operand, place) => {
    if (isObject(operand)) {
      const [[operator, inner] = ['', undefined]] = Object.entries(operand)
      if (!['prefix', 'suffix', 'equals-ignore-case', 'wildcard'].includes(operator)) return undefined
      const tests = (Array.isArray(inner) ? inner : [inner]).map((each) => operatorTest(place, operator, each))
      return (value) => !tests.some((test) => test(value))
    }
    const refused: readonly unknown[] = Array.isArray(operand) ? operand : [operand]
    if (refused.some((each) => each === null || !['string', 'number'].includes(typeof each))) return undefined
    return (value) => !refused.includes(value)
  },
}
