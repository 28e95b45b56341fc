/**
 * What a target gets of an event: all of it, Input, InputPath or InputTransformer.
 * Does: paths of names and indexes, the reserved variables. Does not: wildcards and filters in paths (refused).
 * `unverified on AWS`: a variable outside quotes whose path finds nothing gives null.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */

export type RuleFacts = { readonly arn: string; readonly name: string; readonly ingestionTime: string }
export type TargetInput = (event: unknown, rule: RuleFacts) => string

type Wanted = {
  readonly Input?: string
  readonly InputPath?: string
  readonly InputTransformer?: {
    readonly InputPathsMap?: Readonly<Record<string, string>>
    readonly InputTemplate: string
  }
}

/** Compiles a target's input. Throws Error with the reason. */
export const compileInput = ({ Input, InputPath, InputTransformer }: Wanted): TargetInput => {
  if ([Input, InputPath, InputTransformer].filter((each) => each !== undefined).length > 1) {
    throw new Error('expected one of Input, InputPath and InputTransformer')
  }
  if (Input !== undefined) {
    JSON.parse(Input)
    return () => Input
  }
  if (InputPath !== undefined) {
    const read = compilePath(InputPath)
    return (event) => JSON.stringify(read(event) ?? null)
  }
  if (InputTransformer === undefined) return (event) => JSON.stringify(event)
  return transformer(InputTransformer)
}

const compilePath = (path: string): ((event: unknown) => unknown) => {
  if (!wholePath.test(path)) throw new Error(`path ${path}: expected $ with names and indexes`)
  const steps = [...path.matchAll(pathStep)].map(([, name, index, quoted]) => name ?? index ?? quoted!)
  return (event) =>
    steps.reduce<unknown>(
      (value, name) =>
        value === null || typeof value !== 'object' ? undefined : (value as Record<string, unknown>)[name],
      event,
    )
}

const pathStep = /\.([\w-]+)|\[(\d+)\]|\['([^']+)'\]/g
const wholePath = /^\$(?:\.[\w-]+|\[\d+\]|\['[^']+'\])*$/

type Transformer = NonNullable<Wanted['InputTransformer']>

const transformer = ({ InputPathsMap = {}, InputTemplate }: Transformer): TargetInput => {
  const paths = new Map(Object.entries(InputPathsMap).map(([name, path]) => [name, compilePath(path)]))
  const placeholder = /<([\w.-]+)>/g
  for (const [, name] of InputTemplate.matchAll(placeholder)) {
    if (!paths.has(name!) && !reserved.has(name!)) throw new Error(`InputTemplate: variable ${name} is not defined`)
  }
  return (event, rule) => {
    const substitute = (name: string) => paths.get(name)?.(event) ?? reserved.get(name)?.(event, rule)
    return InputTemplate.replace(placeholder, (_, name: string, offset: number) => {
      const value = substitute(name)
      if (!isQuoted(InputTemplate, offset)) return JSON.stringify(value ?? null)
      const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)
      return JSON.stringify(text).slice(1, -1)
    })
  }
}

/** Whether a place of a template is inside a JSON string. */
const isQuoted = (template: string, offset: number) =>
  (template.slice(0, offset).replace(/\\./g, '').match(/"/g) ?? []).length % 2 === 1

const reserved = new Map<string, (event: unknown, rule: RuleFacts) => unknown>([
  ['aws.events.rule-arn', (_, { arn }) => arn],
  ['aws.events.rule-name', (_, { name }) => name],
  ['aws.events.event.ingestion-time', (_, { ingestionTime }) => ingestionTime],
  ['aws.events.event.json', (event) => event],
  // "The event without its detail field."
  ['aws.events.event', (event) => ({ ...(event as object), detail: undefined })],
])
