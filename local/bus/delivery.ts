/**
 * Brings an accepted event to one target: retries, maximum age, dead letters.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 * Does not: count metrics. `unverified on AWS`: the delays between retries, said to be exponential with jitter.
 */
import { type Allows, AwsError, type Caller } from '../service.ts'
import { race, type Sleep } from '../sleep.ts'
import type { Delivery, DeliveryStore } from './delivery-store.ts'
import type { Rule, Target } from './rule.ts'

export type MessageAttributes = Readonly<Record<string, { readonly DataType: 'String'; readonly StringValue: string }>>

export type DeliveryPorts = {
  readonly invokeAsync: (functionArn: string, payload: string) => unknown
  readonly startExecution: (
    input: { readonly stateMachineArn: string; readonly input: string },
    caller: Caller,
  ) => unknown
  readonly sendMessage: (queueArn: string, body: string, attributes: MessageAttributes, caller: Caller) => unknown
  /** Whether the target's resource policy (Lambda::Permission) lets the rule in. */
  readonly permits: Allows
}

type Dependencies = DeliveryPorts & {
  readonly store: DeliveryStore
  readonly now: () => number
  readonly sleep: Sleep
}

const firstRetryMs = 1000
const longestRetryMs = 15 * 60_000

/** Delivers until the event is taken, or has gone to the dead letters, or is dropped. */
export const deliver =
  ({ store, now, sleep, ...ports }: Dependencies) =>
  async (rule: Rule, target: Target, delivery: Delivery, signal: AbortSignal): Promise<void> => {
    let { attempts, dueAtMs } = delivery
    for (;;) {
      if (dueAtMs > now()) await sleep(dueAtMs - now(), signal)
      signal.throwIfAborted()
      const failure = await race(attempt(ports, rule, target, delivery.input), signal)
      signal.throwIfAborted()
      if (failure === undefined) return store.remove(delivery.id)
      const delayMs = Math.min(firstRetryMs * 2 ** attempts, longestRetryMs)
      const exhausted = failure.lasting
        ? ''
        : attempts >= target.maximumRetries
          ? 'MaximumRetryAttempts'
          : now() + delayMs - delivery.acceptedAtMs > target.maximumAgeMs
            ? 'MaximumEventAgeInSeconds'
            : undefined
      if (exhausted !== undefined) {
        if (target.deadLetterArn !== undefined) {
          await bury(ports, rule, target, target.deadLetterArn, delivery.input, failure, exhausted, attempts)
        }
        return store.remove(delivery.id)
      }
      attempts += 1
      dueAtMs = now() + delayMs
      store.postpone(delivery.id, attempts, dueAtMs)
    }
  }

type Failure = { readonly code: string; readonly message: string; readonly lasting: boolean }

const attempt = async (
  { invokeAsync, startExecution, sendMessage, permits }: DeliveryPorts,
  rule: Rule,
  target: Target,
  input: string,
): Promise<Failure | undefined> => {
  const service = { kind: 'service', service: 'events.amazonaws.com', sourceArn: rule.arn } as const
  try {
    if (target.kind === 'function') {
      if (!permits(service, 'lambda:InvokeFunction', target.arn)) {
        const message = `events.amazonaws.com is not permitted to perform lambda:InvokeFunction on ${target.arn}`
        return { code: 'NO_PERMISSIONS', message, lasting: true }
      }
      await invokeAsync(target.arn, input)
    } else if (target.kind === 'machine') {
      await startExecution({ stateMachineArn: target.arn, input }, { kind: 'role', roleArn: target.roleArn! })
    } else {
      await sendMessage(target.arn, input, {}, service)
    }
    return undefined
  } catch (error) {
    return failureOf(error)
  }
}

// "Errors that EventBridge can't recover from, such as missing permissions or a target that no longer exists, are not
// retried but sent to the dead-letter queue."
const failureOf = (error: unknown): Failure => {
  const message = error instanceof Error ? error.message : String(error)
  const code = error instanceof AwsError ? error.code : ''
  if (code.startsWith('AccessDenied')) return { code: 'NO_PERMISSIONS', message, lasting: true }
  if (/NotFound|NonExistent|DoesNotExist/.test(code)) return { code: 'NO_RESOURCE', message, lasting: true }
  if (code === 'ValidationException') return { code: 'SDK_CLIENT_ERROR', message, lasting: true }
  return { code: 'ERROR_FROM_TARGET', message, lasting: false }
}

const bury = async (
  { sendMessage }: DeliveryPorts,
  rule: Rule,
  target: Target,
  queueArn: string,
  body: string,
  failure: Failure,
  exhausted: string,
  attempts: number,
) => {
  const facts = {
    RULE_ARN: rule.arn,
    TARGET_ARN: target.arn,
    ERROR_CODE: failure.code,
    ERROR_MESSAGE: failure.message,
    ...(exhausted === '' ? {} : { EXHAUSTED_RETRY_CONDITION: exhausted }),
    RETRY_ATTEMPTS: String(attempts),
  }
  const attributes = Object.fromEntries(
    Object.entries(facts).map(([name, StringValue]) => [name, { DataType: 'String' as const, StringValue }]),
  )
  const service = { kind: 'service', service: 'events.amazonaws.com', sourceArn: rule.arn } as const
  try {
    await sendMessage(queueArn, body, attributes, service)
  } catch {
    // AWS drops an event that its dead-letter queue refuses (InvocationsFailedToBeSentToDlq).
  }
}
