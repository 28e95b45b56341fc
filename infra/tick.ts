import {
  Duration,
  aws_events as events,
  aws_iam as iam,
  type aws_sqs as sqs,
  aws_events_targets as targets,
} from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { Handler, type HandlerProps } from './constructs/handler.ts'
import { marketplaceActions } from './ledger-permissions.ts'
import { receiversOf } from './settings.ts'

/** Half a processor: an hour of a million rows is a minute's work. */
const tickMb = 1024

type Common = Pick<HandlerProps, 'settings' | 'storage' | 'bundles'>

const reconcileMb = 1769

/**
 * What comes every five minutes: it gives leases back whose environments are gone (docs/decisions/0040), tells of shares of
 * caps, folds hours (docs/decisions/0042), makes invoices and sends usage (docs/decisions/0043); and what compares the folded hours with their rows.
 */
export class Tick extends Construct {
  readonly reconcile: Handler

  constructor(
    scope: Construct,
    id: string,
    common: Common,
    environment: Readonly<Record<string, string>>,
    queue: sqs.Queue,
  ) {
    super(scope, id)
    this.reconcile = new Handler(this, 'reconcile', {
      ...common,
      memoryMb: reconcileMb,
      timeout: Duration.minutes(15),
      environment,
      others: { deadLetters: queue.queueArn },
      synchronous: false,
    })
    const tick = new Handler(this, 'tick', {
      ...common,
      memoryMb: tickMb,
      timeout: Duration.minutes(5),
      environment: {
        ...environment,
        ...receiversOf(common.settings),
        PERCALL_RECONCILE_FUNCTION: this.reconcile.function.functionName,
      },
      others: {
        deadLetters: queue.queueArn,
        bus: events.EventBus.fromEventBusName(this, 'Bus', 'default').eventBusArn,
        reconcile: this.reconcile.function.functionArn,
      },
      synchronous: false,
    })
    if (common.settings.marketplaceProduct !== '') allowMarketplace(tick)
    for (const one of [tick, this.reconcile])
      one.function.configureAsyncInvoke({
        // Not SqsDestination: it grants every use of the key. What sending needs stands in infra/permissions.ts.
        onFailure: { bind: () => ({ destination: queue.queueArn }) },
        maxEventAge: Duration.hours(1),
        retryAttempts: 0, // the next tick comes anyway
      })
    new events.Rule(this, 'EveryFiveMinutes', {
      description:
        'Gives leases back whose environments are gone, tells of shares of caps, folds hours, makes invoices, exports usage',
      // `sweepEveryMs` of src/ledger/sweep-leases.ts.
      schedule: events.Schedule.rate(Duration.minutes(5)),
      targets: [new targets.LambdaFunction(tick.function, { deadLetterQueue: queue, retryAttempts: 0 })],
    })
  }
}

/** The service has no resources: `*` is acknowledged in the handler already. */
const allowMarketplace = ({ role }: Handler): void => {
  role.addToPolicy(new iam.PolicyStatement({ actions: [...marketplaceActions], resources: ['*'] }))
}
