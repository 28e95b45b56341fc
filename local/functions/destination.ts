/**
 * Where the end of an asynchronous invocation is told: destinations of EventInvokeConfig and the dead-letter queue.
 * Does: SQS, EventBridge, Lambda, with the permissions of the function's role. Does not: SNS, S3 (refused).
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
import type { Authorize, Caller, PutEvent, Resource } from '../service.ts'
import type { AsyncEvent, AsyncSettings, Condition } from './asynchronous.ts'
import { type FunctionConfiguration, refuseUnknown } from './configuration.ts'
import type { Outcome } from './outcome.ts'

/** Puts a message on a queue for a caller, whose permission it checks. */
export type SendToQueue = (
  caller: Caller,
  queueArn: string,
  body: string,
  attributes: Readonly<Record<string, string>>,
) => unknown

export type EventInvokeConfig = AsyncSettings & {
  readonly onSuccess: string | undefined
  readonly onFailure: string | undefined
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html */
export const defaultEventInvokeConfig: EventInvokeConfig = {
  maximumRetries: 2,
  maximumAgeMs: 6 * 3600 * 1000,
  onSuccess: undefined,
  onFailure: undefined,
}

/** Reads AWS::Lambda::EventInvokeConfig. Throws on unknown properties and on destinations that are not there. */
export const eventInvokeConfigOf = (resource: Resource): EventInvokeConfig => {
  const where = `${resource.stack}/${resource.logicalId} (${resource.type})`
  const properties = resource.properties
  refuseUnknown(where, properties, [
    'DestinationConfig',
    'FunctionName',
    'MaximumEventAgeInSeconds',
    'MaximumRetryAttempts',
    'Qualifier',
  ])
  if ((properties.Qualifier ?? '$LATEST') !== '$LATEST') {
    throw new Error(`${where}: expected Qualifier $LATEST, got ${properties.Qualifier}`)
  }
  const { OnSuccess, OnFailure, ...others } = properties.DestinationConfig ?? {}
  refuseUnknown(`${where} DestinationConfig`, others, [])
  for (const destination of [OnSuccess?.Destination, OnFailure?.Destination]) {
    if (destination && !/^arn:aws:(sqs|events|lambda):/.test(destination)) {
      throw new Error(`${where}: expected a queue, bus or function as destination, got ${destination}`)
    }
  }
  return {
    maximumRetries: Number(properties.MaximumRetryAttempts ?? defaultEventInvokeConfig.maximumRetries),
    maximumAgeMs: properties.MaximumEventAgeInSeconds
      ? 1000 * Number(properties.MaximumEventAgeInSeconds)
      : defaultEventInvokeConfig.maximumAgeMs,
    onSuccess: OnSuccess?.Destination,
    onFailure: OnFailure?.Destination,
  }
}

// SQS and the console show the first kilobyte of the message.
const errorMessageLength = 1024

/** Tells the destination and, for failures, the dead-letter queue how an event ended. */
export const conclude =
  (ports: {
    readonly sendToQueue: SendToQueue
    readonly putEvent: PutEvent
    readonly invokeAsync: (functionArn: string, payload: string, caller: Caller) => unknown
    readonly authorize: Authorize
    readonly now: () => number
  }) =>
  async (
    event: AsyncEvent,
    condition: Condition,
    outcome: Outcome | undefined,
    { onSuccess, onFailure }: EventInvokeConfig,
    { roleArn, deadLetterArn }: FunctionConfiguration,
  ): Promise<void> => {
    const caller: Caller = { kind: 'role', roleArn }
    const destination = condition === 'Success' ? onSuccess : onFailure
    if (condition !== 'Success' && deadLetterArn) {
      const message = outcome ? String(JSON.parse(outcome.payload).errorMessage ?? '') : condition
      await ports.sendToQueue(caller, deadLetterArn, event.payload, {
        RequestID: event.requestId,
        ErrorCode: '200',
        ErrorMessage: message.slice(0, errorMessageLength),
      })
    }
    if (!destination) return
    const record = recordOf(event, condition, outcome, ports.now())
    if (destination.startsWith('arn:aws:sqs:')) {
      await ports.sendToQueue(caller, destination, JSON.stringify(record), {})
    } else if (destination.startsWith('arn:aws:events:')) {
      ports.authorize(caller, 'events:PutEvents', destination)
      ports.putEvent({
        source: 'lambda',
        'detail-type': `Lambda Function Invocation Result - ${condition === 'Success' ? 'Success' : 'Failure'}`,
        detail: record,
        resources: [destination, `${event.functionArn}:$LATEST`],
      })
    } else {
      await ports.invokeAsync(destination, JSON.stringify(record), caller)
    }
  }

const recordOf = (event: AsyncEvent, condition: Condition, outcome: Outcome | undefined, nowMs: number) => ({
  version: '1.0',
  timestamp: new Date(nowMs).toISOString(),
  requestContext: {
    requestId: event.requestId,
    functionArn: `${event.functionArn}:$LATEST`,
    condition,
    approximateInvokeCount: event.attempts,
  },
  requestPayload: JSON.parse(event.payload),
  ...(outcome && {
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      ...(outcome.kind === 'error' && { functionError: outcome.functionError }),
    },
    responsePayload: JSON.parse(outcome.payload),
  }),
})
