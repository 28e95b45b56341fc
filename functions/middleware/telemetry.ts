import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import type { EmfOutput } from '@aws-lambda-powertools/metrics/types'

/** What a line says besides its time, level and service. Never a body, a key or a caller's values. */
export type Facts = Readonly<Record<string, unknown>>

/** Names of metrics: OpenTelemetry's where it has one, with its unit; else ours, in `percall.*`. */
const units = {
  'http.server.request.duration': MetricUnit.Seconds,
  'faas.invoke_duration': MetricUnit.Seconds,
  'faas.coldstarts': MetricUnit.Count,
  'faas.errors': MetricUnit.Count,
  'percall.ledger.failures': MetricUnit.Count,
  'percall.reconciliation.differences': MetricUnit.Count,
  'percall.calls': MetricUnit.Count,
  'percall.call.cost': MetricUnit.NoUnit,
  'percall.call.load.duration': MetricUnit.Milliseconds,
  'percall.call.infer.duration': MetricUnit.Milliseconds,
} as const

type FigureName = keyof typeof units

const names = Object.keys(units) as FigureName[]

export type Figures = Readonly<Partial<Record<FigureName, number>>>

/** The metric of refusals and faults by code: of one dimension more than the others, and of its own directive. */
const errorsMetric = 'percall.errors'

export type Line = {
  readonly level: 'INFO' | 'ERROR'
  readonly message: 'request' | 'event'
  readonly facts: Facts
  readonly figures: Figures
  /** The code of what was refused or failed. */
  readonly errorType?: string | undefined
  /** Present where the deployment pays for metrics of each model. */
  readonly model?: string | undefined
}

export type Telemetry = {
  /** Writes one line to standard output: a log line, and a document of CloudWatch's embedded metric format. */
  readonly write: (line: Line) => void
  /** True once: the environment's first event paid for its start. */
  readonly isCold: () => boolean
}

const namespace = 'Percall'

type Directive = EmfOutput['_aws']['CloudWatchMetrics'][number]

const directive = (dimensions: readonly string[], metrics: Directive['Metrics']): Directive => ({
  Namespace: namespace,
  Dimensions: [[...dimensions]],
  Metrics: metrics,
})

const ofErrors = directive(['service', 'error.type'], [{ Name: errorsMetric, Unit: MetricUnit.Count }])

// Over all functions: one alarm watches them all.
const ofFaults = directive([], [{ Name: 'faas.errors', Unit: MetricUnit.Count }])

/** The directives of a line, and their text. */
type Directives = { readonly list: readonly Directive[]; readonly text: string }

/** Powertools' directive of some figures. */
const baseOf = (metrics: Metrics, figures: Figures): Directive => {
  for (const name of names) {
    const value = figures[name]
    if (value !== undefined) metrics.addMetric(name, units[name], value)
  }
  const [made] = metrics.serializeMetrics()._aws.CloudWatchMetrics
  metrics.clearMetrics()
  if (!made) throw new Error(`metrics ${Object.keys(figures)}: expected a directive, got none`)
  return made
}

const listOf = (base: Directive, { figures, errorType, model }: Line): readonly Directive[] => [
  base,
  ...(errorType === undefined ? [] : [ofErrors]),
  ...(figures['faas.errors'] === undefined ? [] : [ofFaults]),
  ...(model === undefined ? [] : [directive(['service', 'model'], base.Metrics)]),
]

/** Which figures and dimensions a line has, a bit each. */
const shapeOf = ({ figures, errorType, model }: Line): number => {
  let shape = (errorType === undefined ? 0 : 1) + (model === undefined ? 0 : 2)
  let bit = 4
  for (const name of names) {
    if (figures[name] !== undefined) shape += bit
    bit *= 2
  }
  return shape
}

/** Made and written once a shape: that takes 10 us, and a warm call all in all 50. */
const directivesOf = (metrics: Metrics) => {
  const known = new Map<number, Directives>()
  return (line: Line): Directives => {
    const shape = shapeOf(line)
    const found = known.get(shape)
    if (found) return found
    const list = listOf(baseOf(metrics, line.figures), line)
    const made = { list, text: JSON.stringify(list) }
    known.set(shape, made)
    return made
  }
}

const dimensionsOf = ({ errorType, model }: Line): Facts => ({
  ...(errorType !== undefined && { 'error.type': errorType, [errorsMetric]: 1 }),
  ...(model !== undefined && { model }),
})

/** The values that the directives name, as root members. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
const membersOf = (line: Line): Facts => ({ ...line.figures, ...dimensionsOf(line) })

/** Members behind others. Joined with those as one object first, they are written in twice the time. */
const factsText = (facts: Facts): string => {
  const text = JSON.stringify(facts)
  return text === '{}' ? '' : `,${text.slice(1, -1)}`
}

const heads = names.map((name) => ({ name, head: `,"${name}":` }))

/** The same as text behind other members. */
const membersText = (line: Line): string => {
  const { figures, errorType, model } = line
  let text = ''
  for (const { name, head } of heads) {
    const value = figures[name]
    if (value !== undefined) text += head + (Number.isFinite(value) ? value : null)
  }
  if (errorType === undefined && model === undefined) return text
  return text + factsText(dimensionsOf(line))
}

const msPerDay = 86_400_000
const dayLength = 'YYYY-MM-DDT'.length

let day = { startMs: Number.NaN, text: '' }

const digits = (value: number, places: number): string => String(value).padStart(places, '0')

/** As `toISOString` of a Date, in a fifth of its time: a call is nearly always of the day of the last one. */
const isoTime = (ms: number): string => {
  const startMs = Math.floor(ms / msPerDay) * msPerDay
  if (day.startMs !== startMs) day = { startMs, text: new Date(startMs).toISOString().slice(0, dayLength) }
  const seconds = Math.floor((ms - startMs) / 1000)
  const minutes = Math.floor(seconds / 60)
  const [hour, minute, second] = [Math.floor(minutes / 60), minutes % 60, seconds % 60]
  return `${day.text}${digits(hour, 2)}:${digits(minute, 2)}:${digits(second, 2)}.${digits(ms % 1000, 3)}Z`
}

/**
 * The log and metrics of one function; `service` is its name. Both are Powertools', joined in one line: half the bytes of
 * two. A line of INFO is written as the logger writes it, without the logger, which merges each line's members for 15 us.
 */
export const telemetry = (service: string): Telemetry => {
  const logger = new Logger({ serviceName: service })
  const directivesOfLine = directivesOf(new Metrics({ namespace, serviceName: service }))
  const isSilent = logger.getLevelName() === 'SILENT'
  let cold = true
  return {
    write: (line) => {
      const { level, message, facts } = line
      const { list, text } = directivesOfLine(line)
      const nowMs = Date.now()
      if (level === 'ERROR')
        logger.error(message, { ...facts, ...membersOf(line), _aws: { Timestamp: nowMs, CloudWatchMetrics: list } })
      else if (!isSilent) {
        const head = `{"level":"${level}","message":"${message}","timestamp":"${isoTime(nowMs)}","service":"${service}"`
        const metrics = `"_aws":{"Timestamp":${nowMs},"CloudWatchMetrics":${text}}`
        process.stdout.write(`${head}${factsText(facts)}${membersText(line)},${metrics}}\n`)
      }
    },
    isCold: () => {
      const answer = cold
      cold = false
      return answer
    },
  }
}
