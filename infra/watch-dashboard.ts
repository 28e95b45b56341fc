import { aws_cloudwatch as cloudwatch, Duration, type aws_lambda as lambda, type aws_sqs as sqs } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { ofApi, ofFunction, ofQueue, ours } from './watch-metrics.ts'

type Shown = {
  readonly apiId: string
  readonly predicting: readonly lambda.Function[]
  readonly queues: readonly sqs.Queue[]
  readonly modelMetrics: 'on' | 'off'
}

const half = 12
const whole = 24
const height = 6

const words = `# Percall
Calls, how they ended, how long they took. One model alone: \`GET /api/models/{model}/stats?window=24h\` or \`percall stats\`.
What to do at an alarm: docs/operations.md.`

const predict = { service: 'predict' }

/** A metric of calls that are answered at once, and of what is answered later. */
const ofAll = (metricName: string, later: Readonly<Record<string, string>>): readonly cloudwatch.IMetric[] =>
  Object.entries({ predict: 'at once', ...later }).map(([service, label]) =>
    ours(metricName, 'Sum', { service }).with({ label }),
  )

const graph = (
  title: string,
  left: readonly cloudwatch.IMetric[],
  label: string,
  width = half,
): cloudwatch.GraphWidget =>
  new cloudwatch.GraphWidget({ title, left: [...left], leftYAxis: { label, showUnits: false, min: 0 }, width, height })

/** Every metric of a name, one line for each value of its second dimension. */
const each = (dimension: string, metricName: string): cloudwatch.MathExpression =>
  new cloudwatch.MathExpression({
    expression: `SEARCH('{Percall,service,"${dimension}"} MetricName="${metricName}"', 'Sum', 300)`,
    usingMetrics: {},
    label: '',
    period: Duration.minutes(5),
  })

const percentiles = (metric: (statistic: string) => cloudwatch.Metric): cloudwatch.Metric[] =>
  ['p50', 'p95', 'p99'].map((statistic) => metric(statistic).with({ label: statistic }))

const callRows = ({ apiId }: Shown): cloudwatch.IWidget[][] => [
  [
    graph('Answered calls', ofAll('percall.calls', { calls: 'later' }), 'calls in 5 minutes'),
    graph('Refused and failed, by code', [each('error.type', 'percall.errors')], 'in 5 minutes'),
  ],
  [
    graph(
      'Time of a request',
      percentiles((statistic) => ofApi(apiId, 'Latency', statistic)),
      'ms',
    ),
    graph(
      'Inference',
      percentiles((statistic) => ours('percall.call.infer.duration', statistic, predict)),
      'ms',
    ),
  ],
  [
    graph(
      'Loading of models',
      percentiles((statistic) => ours('percall.call.load.duration', statistic, predict)),
      'ms',
    ),
    graph('Cold starts', [ours('faas.coldstarts', 'Sum', predict)], 'in 5 minutes'),
  ],
]

const serviceRows = ({ predicting, queues }: Shown): cloudwatch.IWidget[][] => [
  [
    graph(
      'Charged to callers',
      ofAll('percall.call.cost', { calls: 'calls answered later', 'batch-shard': 'batches' }),
      "in the deployment's currency, in 5 minutes",
    ),
    graph(
      'Throttled invocations',
      predicting.map((one) => ofFunction(one, 'Throttles')),
      'in 5 minutes',
    ),
  ],
  [
    graph('Ledger writes refused or unanswered', [ours('percall.ledger.failures', 'Sum', predict)], 'in 5 minutes'),
    graph('Dead letters', queues.map(ofQueue), 'events'),
  ],
]

const modelRows = ({ modelMetrics }: Shown): cloudwatch.IWidget[][] =>
  modelMetrics === 'on'
    ? [[graph('Answered calls, by model', [each('model', 'percall.calls')], 'in 5 minutes', whole)]]
    : []

/** What a model's owner reads: some 20 metrics; CloudWatch shows 50 on each of three dashboards without charge. */
export const dashboardOf = (scope: Construct, shown: Shown): cloudwatch.Dashboard => {
  const text = new cloudwatch.TextWidget({ markdown: words, width: whole, height: 3 })
  const widgets = [[text], ...callRows(shown), ...modelRows(shown), ...serviceRows(shown)]
  return new cloudwatch.Dashboard(scope, 'Dashboard', { defaultInterval: Duration.days(1), widgets })
}
