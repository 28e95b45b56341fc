import { Duration, type aws_sqs as sqs } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { DeadLetters } from './constructs/dead-letters.ts'
import { Handler, type HandlerProps } from './constructs/handler.ts'

/** Lambda's longest. With two retries and this age an event ends within the 1 h 30 min of a call's deadline. */
const longestCall = Duration.minutes(15)
const longestAge = Duration.minutes(30)
const failedMb = 512

type Common = Pick<HandlerProps, 'settings' | 'storage' | 'bundles' | 'layers'>

/** The worker of calls that are answered later, and what ends those that no attempt could answer (docs/decisions/0021). */
export class AsyncCalls extends Construct {
  readonly worker: Handler
  /** The one of the stack: what else gives events up sends them here too. */
  readonly deadLetters: sqs.Queue

  constructor(scope: Construct, id: string, common: Common, environment: Readonly<Record<string, string>>) {
    super(scope, id)
    const { queue } = new DeadLetters(this, 'DeadLetters', common.storage.key)
    this.deadLetters = queue
    const { layers: _, ...plain } = common
    const failed = new Handler(this, 'call-failed', {
      ...plain,
      memoryMb: failedMb,
      timeout: Duration.minutes(1),
      environment,
      others: { deadLetters: queue.queueArn },
      synchronous: false,
    })
    failed.function.configureAsyncInvoke({
      // Not SqsDestination and LambdaDestination: what sending needs stands in infra/permissions.ts.
      onFailure: { bind: () => ({ destination: queue.queueArn }) },
      maxEventAge: Duration.hours(6),
      retryAttempts: 2,
    })
    this.worker = new Handler(this, 'calls', {
      ...common,
      // It serves every model, so it has the size of the large predict function.
      memoryMb: common.settings.predictMb.large,
      timeout: longestCall,
      environment,
      others: { callFailed: failed.function.functionArn },
      synchronous: false,
    })
    this.worker.function.configureAsyncInvoke({
      onFailure: { bind: () => ({ destination: failed.function.functionArn }) },
      maxEventAge: longestAge,
      retryAttempts: 2,
    })
  }
}
