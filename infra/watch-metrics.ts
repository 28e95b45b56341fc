import { aws_cloudwatch as cloudwatch, Duration, type aws_lambda as lambda, type aws_sqs as sqs } from 'aws-cdk-lib'

const fiveMinutes = Duration.minutes(5)

/** A metric that functions/middleware/telemetry.ts writes; without dimensions it is the sum over all functions. */
export const ours = (
  metricName: string,
  statistic: string,
  dimensionsMap: Readonly<Record<string, string>>,
): cloudwatch.Metric =>
  new cloudwatch.Metric({ namespace: 'Percall', metricName, statistic, dimensionsMap, period: fiveMinutes })

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html */
export const ofApi = (ApiId: string, metricName: string, statistic: string): cloudwatch.Metric =>
  new cloudwatch.Metric({
    namespace: 'AWS/ApiGateway',
    metricName,
    statistic,
    dimensionsMap: { ApiId },
    period: fiveMinutes,
  })

/** Over all functions of the account in this region. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export const accountWide = (metricName: string): cloudwatch.Metric =>
  new cloudwatch.Metric({ namespace: 'AWS/Lambda', metricName, statistic: 'Sum', period: fiveMinutes })

export const ofFunction = (one: lambda.Function, metricName: string, period = fiveMinutes): cloudwatch.Metric =>
  one.metric(metricName, { statistic: 'Sum', period })

/** The metric of each function, under the names d0, d1... of a metric expression. */
export const perFunction = (
  functions: readonly lambda.Function[],
  metricName: string,
  period: Duration,
): Record<string, cloudwatch.IMetric> =>
  Object.fromEntries(functions.map((one, i) => [`d${i}`, ofFunction(one, metricName, period)]))

export const ofQueue = (queue: sqs.Queue): cloudwatch.Metric =>
  queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: fiveMinutes })
