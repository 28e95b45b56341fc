import {
  aws_cloudwatch_actions as actions,
  aws_cloudwatch as cloudwatch,
  Duration,
  aws_iam as iam,
  aws_lambda as lambda,
  Stack,
  type StackProps,
  aws_sns as sns,
  aws_sqs as sqs,
  aws_sns_subscriptions as subscriptions,
} from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { Settings } from './settings.ts'
import type { Storage } from './storage.ts'
import { dashboardOf } from './watch-dashboard.ts'
import { accountWide, ofApi, ofFunction, ofQueue, ours, perFunction } from './watch-metrics.ts'

export type WatchProps = StackProps & {
  readonly settings: Settings
  readonly storage: Storage
  /** Every function and queue in them is watched. */
  readonly watched: readonly Stack[]
  readonly apiId: string
}

type Rule = {
  readonly description: string
  readonly threshold: number
  readonly evaluationPeriods?: number
}

// https://aws.amazon.com/lambda/pricing/, us-east-1, first tier.
const usdPerGbSecond = { arm64: 0.0000133334, x86_64: 0.0000166667 } as const

const mostErrorShare = 0.01
// A cold start with a model of 30 MB takes below 1 s, one of 1 GB some seconds.
const slowestMs = 5000
const slowPeriods = 3
// One refused or lost write is mended by its repetition; this many are not chance.
const mostLedgerFailures = 5
// A hostile model ends its probe's process, by design.
const mostProbeErrors = 20

/**
 * Functions of state machines: a caller's refusal ends them as an error, so their faults are counted by their own lines.
 * So are those of the sweep, of the tick, of reconciliations and of what retrains, whose dead letters have an alarm besides.
 */
const isStep = (name: string): boolean =>
  /^(?:(?:train|register|batch|sweep|retrain)-|tick$|reconcile$)/.test(name) && !name.endsWith('-ended')

const nameOf = (watched: Construct): string => watched.node.scope?.node.id ?? watched.node.id

/** One dashboard, and the alarms that tell the owner by SNS. Nothing refers to this stack: it can be removed and made again. */
export class Watch extends Stack {
  private readonly topic: sns.Topic

  constructor(scope: Construct, id: string, props: WatchProps) {
    super(scope, id, props)
    this.topic = this.alarmTopic(props)
    const within = props.watched.flatMap((stack) => stack.node.findAll())
    const functions = within.filter((one) => one instanceof lambda.Function)
    const queues = within.filter((one) => one instanceof sqs.Queue)
    this.callAlarms(props.apiId)
    for (const one of functions.filter((each) => !isStep(nameOf(each)))) this.functionAlarm(one)
    for (const queue of queues) this.queueAlarm(queue)
    const predicting = functions.filter((one) => /^predict/.test(nameOf(one)))
    this.costAlarm(predicting, props.settings)
    dashboardOf(this, { apiId: props.apiId, predicting, queues, modelMetrics: props.settings.modelMetrics })
  }

  private alarmTopic({ storage, settings }: WatchProps): sns.Topic {
    const topic = new sns.Topic(this, 'Alarms', {
      displayName: 'Percall alarms',
      masterKey: storage.key,
      enforceSSL: true,
    })
    // A policy of its own replaces the one that lets the account's alarms publish.
    topic.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'Alarms',
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    )
    if (settings.alarmEmail !== '') topic.addSubscription(new subscriptions.EmailSubscription(settings.alarmEmail))
    return topic
  }

  private alarm(id: string, metric: cloudwatch.IMetric, { description, threshold, evaluationPeriods = 1 }: Rule): void {
    const alarm = new cloudwatch.Alarm(this, id, {
      alarmDescription: description,
      metric,
      threshold,
      evaluationPeriods,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      // No calls are no fault.
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      // A percentile of a few calls says nothing.
      ...(id === 'Slow' && { evaluateLowSampleCountPercentile: 'ignore' }),
    })
    alarm.addAlarmAction(new actions.SnsAction(this.topic))
  }

  private callAlarms(apiId: string): void {
    // The average of 5xx is their share: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
    this.alarm('ErrorRate', ofApi(apiId, '5xx', 'Average'), {
      description: 'More than 1 % of requests ended in a fault of the service: docs/operations.md, Faults',
      threshold: mostErrorShare,
    })
    this.alarm('Slow', ofApi(apiId, 'Latency', 'p99'), {
      description: 'For 15 minutes one request in a hundred took over 5 s: docs/operations.md, Slow calls',
      threshold: slowestMs,
      evaluationPeriods: slowPeriods,
    })
    this.alarm('Throttled', accountWide('Throttles'), {
      description:
        'Lambda refused invocations: the concurrency of the account is used up: docs/operations.md, Throttles',
      threshold: 0,
    })
    this.alarm('LedgerFailures', ours('percall.ledger.failures', 'Sum', { service: 'predict' }), {
      description: 'Usage rows were refused or left without an answer: docs/operations.md, Ledger',
      threshold: mostLedgerFailures,
    })
    this.alarm('Faults', ours('faas.errors', 'Sum', {}), {
      description:
        'A function failed by a fault of the service, states of runs and batches included, or a reconciliation found a difference: its log has the cause',
      threshold: 0,
    })
  }

  private functionAlarm(one: lambda.Function): void {
    const name = nameOf(one)
    this.alarm(`Errors-${name}`, ofFunction(one, 'Errors'), {
      description: `${name} threw, crashed or ran out of time or memory: docs/operations.md, Faults`,
      threshold: name === 'probe' ? mostProbeErrors : 0,
    })
  }

  private queueAlarm(queue: sqs.Queue): void {
    const { stackName } = Stack.of(queue)
    this.alarm(`DeadLetters-${queue.node.path.replaceAll('/', '-')}`, ofQueue(queue), {
      description: `An event of ${stackName} was given up and lies in the queue of dead letters: docs/operations.md, Dead letters`,
      threshold: 0,
    })
  }

  /** What a day of inference costs at the list price of Lambda's compute; tables, requests and logs come on top. */
  private costAlarm(predicting: readonly lambda.Function[], { architecture, dailyCostUsd }: Settings): void {
    const usingMetrics = perFunction(predicting, 'Duration', Duration.days(1))
    // Duration is in ms; a function's GB are its own memory / 1024.
    const gbSeconds = predicting.map((one, i) => `d${i} * ${memoryGb(one)} / 1000`).join(' + ')
    const metric = new cloudwatch.MathExpression({
      expression: `(${gbSeconds}) * ${usdPerGbSecond[architecture]}`,
      usingMetrics,
      period: Duration.days(1),
      label: 'USD a day',
    })
    this.alarm('DailyCost', metric, {
      description: `Inference cost more than ${dailyCostUsd} USD of compute in a day (context percall:alarm-daily-cost)`,
      threshold: dailyCostUsd,
    })
  }
}

const mbPerGb = 1024

const memoryGb = (one: lambda.Function): number => {
  const resource = one.node.defaultChild
  if (!(resource instanceof lambda.CfnFunction) || resource.memorySize === undefined)
    throw new Error(`function ${nameOf(one)}: expected its memory, got none`)
  return resource.memorySize / mbPerGb
}
