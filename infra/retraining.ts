import {
  Duration,
  aws_events as events,
  type aws_lambda as lambda,
  type aws_sqs as sqs,
  type aws_stepfunctions as states,
  aws_events_targets as targets,
} from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { Handler, type HandlerProps } from './constructs/handler.ts'

export type RetrainingProps = Pick<HandlerProps, 'settings' | 'storage' | 'bundles' | 'environment'> & {
  readonly machine: states.StateMachine
  readonly duckdb: lambda.ILayerVersion
  readonly queue: sqs.IQueue
}

/** 1769 MB are one processor. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const oneProcessorMb = 1769
const smallMb = 512
/** An object to 256 MB lies here while it is read and its version is written; larger ones are copied inside S3. */
const tableMb = 2048
/** Lambda's longest: copying 4 GB inside S3 takes minutes. */
const longest = Duration.minutes(15)

/** What starts runs without a person: new objects among a dataset's incoming ones, and schedules. */
export class Retraining extends Construct {
  constructor(scope: Construct, id: string, props: RetrainingProps) {
    super(scope, id)
    this.onDataset(props)
    this.onSchedule(props)
  }

  private handler(name: string, props: RetrainingProps, more: Pick<HandlerProps, 'memoryMb' | 'timeout' | 'layers'>) {
    const { machine, queue, duckdb: _, ...common } = props
    const environment = { ...common.environment, PERCALL_RUN_MACHINE_ARN: machine.stateMachineArn }
    return new Handler(this, name, {
      ...common,
      ...more,
      ...(more.layers && { temporaryMb: tableMb }),
      environment,
      synchronous: false,
      others: { machine: machine.stateMachineArn, deadLetters: queue.queueArn },
    }).function
  }

  private onDataset(props: RetrainingProps): void {
    const { storage, queue, duckdb } = props
    const layers = [duckdb]
    const bringing = this.handler('retrain-on-dataset', props, { memoryMb: oneProcessorMb, timeout: longest, layers })
    const retries = { maxEventAge: Duration.hours(6), retryAttempts: 2 }
    // Not SqsDestination: it grants every use of the key. What sending needs stands in infra/permissions.ts.
    bringing.configureAsyncInvoke({ onFailure: { bind: () => ({ destination: queue.queueArn }) }, ...retries })
    new events.Rule(this, 'OnDataset', {
      description: 'Makes a dataset version of each new object, and starts the runs that wait for one',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: {
          bucket: { name: [storage.data.bucketName] },
          object: { key: [{ wildcard: 'datasets/*/incoming/*' }] },
        },
      },
      targets: [
        new targets.LambdaFunction(bringing, {
          deadLetterQueue: queue,
          maxEventAge: Duration.hours(6),
          retryAttempts: 5,
        }),
      ],
    })
  }

  private onSchedule(props: RetrainingProps): void {
    const { queue } = props
    const ticking = this.handler('retrain-on-schedule', props, { memoryMb: smallMb, timeout: Duration.minutes(4) })
    ticking.configureAsyncInvoke({
      onFailure: { bind: () => ({ destination: queue.queueArn }) },
      maxEventAge: Duration.hours(1),
      retryAttempts: 0, // the next tick comes anyway
    })
    new events.Rule(this, 'OnSchedule', {
      description: 'Starts the runs whose schedule is due',
      schedule: events.Schedule.rate(Duration.minutes(5)),
      targets: [new targets.LambdaFunction(ticking, { deadLetterQueue: queue, retryAttempts: 0 })],
    })
  }
}
