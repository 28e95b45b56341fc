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
  'percall.calls': MetricUnit.Count,
  'percall.call.cost': MetricUnit.NoUnit,
  'percall.call.load.duration': MetricUnit.Milliseconds,
  'percall.call.infer.duration': MetricUnit.Milliseconds,
  'percall.ledger.failures': MetricUnit.Count,
} as const

export type Figures = Readonly<Partial<Record<keyof typeof units, number>>>

/** The metric of refusals and faults by code: of one dimension more than the others, and of its own directive. */
const errorsMetric = 'percall.errors'

export type Line = {
  readonly level: 'INFO' | 'ERROR'
  readonly message: string
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
  for (const [name, value] of Object.entries(figures)) metrics.addMetric(name, units[name as keyof Figures], value) // entries of Figures
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

/** Made and written once a set of names: that takes 10 us, and a warm call all in all 50. */
const directivesOf = (metrics: Metrics) => {
  const known = new Map<string, Directives>()
  return (line: Line): Directives => {
    const names = `${Object.keys(line.figures)} ${line.errorType !== undefined} ${line.model !== undefined}`
    const found = known.get(names)
    if (found) return found
    const list = listOf(baseOf(metrics, line.figures), line)
    const made = { list, text: JSON.stringify(list) }
    known.set(names, made)
    return made
  }
}

/** The values that the directives name, as root members. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
const membersOf = ({ figures, errorType, model }: Line): Facts => ({
  ...figures,
  ...(errorType !== undefined && { 'error.type': errorType, [errorsMetric]: 1 }),
  ...(model !== undefined && { model }),
})

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
      const now = new Date()
      const content = { ...facts, ...membersOf(line) }
      if (level === 'ERROR')
        logger.error(message, { ...content, _aws: { Timestamp: now.getTime(), CloudWatchMetrics: list } })
      else if (!isSilent) {
        const members = JSON.stringify({ level, message, timestamp: now.toISOString(), service, ...content })
        const metrics = `"_aws":{"Timestamp":${now.getTime()},"CloudWatchMetrics":${text}}`
        process.stdout.write(`${members.slice(0, -1)},${metrics}}\n`)
      }
    },
    isCold: () => {
      const answer = cold
      cold = false
      return answer
    },
  }
}
