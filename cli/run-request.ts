import type { RunRequest } from '../client/training.ts'
import { wrongUsage } from './failure.ts'

export type Pairs = readonly (readonly [string, string])[]

export type TrainOptions = {
  readonly target: string
  readonly name: string
  readonly dataset?: string
  readonly task?: string
  readonly algo: string
  readonly budget?: string
  readonly wait?: boolean
  readonly drop?: readonly string[]
  readonly type?: Pairs
  readonly dateFormat?: Pairs
  readonly metric?: string
  readonly positive?: string
  readonly weight?: string
  readonly classWeight?: readonly string[]
  readonly split?: string
  readonly splitKey?: string
  readonly gap?: string
  readonly threshold?: string
  readonly gate?: string
  readonly preprocess?: string
  readonly engine?: string
  readonly promote: boolean
  readonly interval?: number
  readonly ensemble: boolean
  readonly optimise?: string
  readonly seed?: number
  readonly maxLatency?: number
  readonly maxSize?: number
  readonly set?: Pairs
  readonly fresh?: boolean
}

const bytesPerKb = 1024

type Members = Readonly<Record<string, unknown>>

/** Undefined members go; an object without members is none. */
const present = (members: Members): Members | undefined => {
  const kept = Object.entries(members).filter(([, value]) => value !== undefined)
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}

const columnsOf = ({ drop = [], type = [], dateFormat = [] }: TrainOptions): Members | undefined => {
  // Without a prototype, so that a column named `__proto__` is a member like any other.
  const columns: Record<string, Record<string, unknown>> = Object.create(null)
  const add = (column: string, members: Members) => {
    columns[column] = { ...columns[column], ...members }
  }
  for (const column of drop) add(column, { drop: true })
  for (const [column, kind] of type) add(column, { kind })
  for (const [column, format] of dateFormat) add(column, { format })
  return Object.keys(columns).length === 0 ? undefined : columns
}

const splitOf = ({ split, splitKey, gap }: TrainOptions): Members | undefined => {
  const [method, ...column] = split?.split(':') ?? []
  if (column.join(':') === '' && column.length > 0)
    throw wrongUsage(`--split ${split}: expected a column after the colon, got none`, `--split ${method}:COLUMN`)
  // A column's name may contain a colon.
  return present({ method, column: column.length === 0 ? undefined : column.join(':'), key: splitKey, gap })
}

/** Numbers and true/false as such, other words as text: `--set linear.solver=gradient-descent`. */
const cellOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const parametersOf = ({ set = [] }: TrainOptions): Members | undefined => {
  const parameters: Record<string, Record<string, unknown>> = {}
  for (const [path, value] of set) {
    const [algorithm, parameter, ...rest] = path.split('.')
    if (!algorithm || !parameter || rest.length > 0)
      throw wrongUsage(
        `--set: expected ALGORITHM.PARAMETER=VALUE, got ${path}=${value}`,
        '--set linear.iterations=1000',
      )
    parameters[algorithm] = { ...parameters[algorithm], [parameter]: cellOf(value) }
  }
  return Object.keys(parameters).length === 0 ? undefined : parameters
}

const classWeightOf = ({ classWeight: given }: TrainOptions): unknown => {
  if (given === undefined || (given.length === 1 && given[0] === 'balanced')) return given?.[0]
  const pairs = given.map((text) => {
    // A label may contain the sign.
    const sign = text.lastIndexOf('=')
    const weight = sign < 0 ? Number.NaN : Number(text.slice(sign + 1) || Number.NaN)
    if (sign < 1 || Number.isNaN(weight))
      throw wrongUsage(
        `--class-weight: expected balanced or LABEL=WEIGHT, got ${text}`,
        '--class-weight bad=10 --class-weight good=1',
      )
    return [text.slice(0, sign), weight] as const
  })
  return Object.fromEntries(pairs)
}

/** The body of a run from the options of `percall train`; what was not given is left to the service. */
export const runRequest = (options: TrainOptions): RunRequest => {
  const { name, target, algo, promote, positive, maxLatency, maxSize } = options
  const { task, metric, weight, threshold, interval, gate, preprocess, budget, engine, optimise, seed, fresh } = options
  const limits = present({
    latencyMs: maxLatency,
    sizeBytes: maxSize === undefined ? undefined : Math.round(maxSize * bytesPerKb),
  })
  const wanted = present({
    task,
    algorithms: algo === 'auto' ? undefined : algo.split(','),
    parameters: parametersOf(options),
    columns: columnsOf(options),
    split: splitOf(options),
    positive: positive === undefined ? undefined : cellOf(positive),
    classWeight: classWeightOf(options),
    promote: promote ? undefined : false,
    ensemble: options.ensemble ? undefined : false,
    ...{ metric, weight, threshold, interval, gate, preprocess, budget, engine, optimise, seed, fresh, limits },
  })
  return { model: name, dataset: options.dataset ?? name, target, ...wanted }
}
