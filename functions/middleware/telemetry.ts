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

export const namespace = 'Percall'

const directive = (dimensions: readonly string[], names: readonly string[]): object => ({
  Namespace: namespace,
  Dimensions: [dimensions],
  Metrics: names.map((Name) => ({ Name, Unit: Name === errorsMetric ? 'Count' : units[Name as keyof Figures] })), // a name of `figures`, or this one
})

/** The root members of the embedded metric format. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
const metricsOf = (metrics: Metrics, { figures, errorType, model }: Line): Facts => {
  for (const [name, value] of Object.entries(figures)) metrics.addMetric(name, units[name as keyof Figures], value) // entries of Figures
  const { service: _, _aws, ...values }: EmfOutput = metrics.serializeMetrics()
  metrics.clearMetrics()
  const { CloudWatchMetrics, ...meta } = _aws
  const more = [
    ...(errorType === undefined ? [] : [directive(['service', 'error.type'], [errorsMetric])]),
    ...(model === undefined ? [] : [directive(['service', 'model'], Object.keys(figures))]),
  ]
  const error = errorType !== undefined && { 'error.type': errorType, [errorsMetric]: 1 }
  return {
    ...values,
    ...error,
    ...(model !== undefined && { model }),
    _aws: { ...meta, CloudWatchMetrics: [...CloudWatchMetrics, ...more] },
  }
}

/** The log and metrics of one function; `service` is its name. Both by Powertools, joined in one line: half the bytes of two. */
export const telemetry = (service: string): Telemetry => {
  const logger = new Logger({ serviceName: service })
  const metrics = new Metrics({ namespace, serviceName: service })
  let cold = true
  return {
    write: (line) => {
      const content = { ...line.facts, ...metricsOf(metrics, line) }
      if (line.level === 'ERROR') logger.error(line.message, content)
      else logger.info(line.message, content)
    },
    isCold: () => {
      const answer = cold
      cold = false
      return answer
    },
  }
}
