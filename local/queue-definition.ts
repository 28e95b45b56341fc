/**
 * A queue as its template defines it (AWS::SQS::Queue), and the checks of a request's parameters.
 * Refuses every property and parameter that it does not know, by name.
 */
import { AwsError, type Resource } from './service.ts'

export type Queue = {
  name: string
  arn: string
  url: string
  visibilityS: number
  delayS: number
  waitS: number
  retentionS: number
  largestBytes: number
  keyArn: string | undefined
  redrive: { targetArn: string; maxReceiveCount: number } | undefined
}
/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const largestMessageBytes = 1_048_576
const defaults = { visibilityS: 30, retentionS: 345_600 }
const properties = new Set(
  `QueueName VisibilityTimeout DelaySeconds ReceiveMessageWaitTimeSeconds MessageRetentionPeriod MaximumMessageSize
   KmsMasterKeyId KmsDataKeyReusePeriodSeconds SqsManagedSseEnabled RedrivePolicy RedriveAllowPolicy Tags`.split(/\s+/),
)

/** The queue of a resource. Throws NotImplemented. */
export function queueOf({ logicalId, ref, attributes, properties: wanted }: Resource): Queue {
  const unknown = Object.keys(wanted).find((name) => !properties.has(name))
  if (unknown !== undefined) {
    throw new AwsError(
      'NotImplemented',
      `AWS::SQS::Queue ${logicalId}: the property ${unknown} is not implemented`,
      501,
    )
  }
  return {
    name: attributes.QueueName ?? ref.split('/').at(-1)!,
    arn: attributes.Arn!,
    url: ref,
    visibilityS: Number(wanted.VisibilityTimeout ?? defaults.visibilityS),
    delayS: Number(wanted.DelaySeconds ?? 0),
    waitS: Number(wanted.ReceiveMessageWaitTimeSeconds ?? 0),
    retentionS: Number(wanted.MessageRetentionPeriod ?? defaults.retentionS),
    largestBytes: Number(wanted.MaximumMessageSize ?? largestMessageBytes),
    keyArn: wanted.KmsMasterKeyId,
    redrive: wanted.RedrivePolicy && {
      targetArn: wanted.RedrivePolicy.deadLetterTargetArn,
      maxReceiveCount: Number(wanted.RedrivePolicy.maxReceiveCount),
    },
  }
}

/** The number, or InvalidParameterValue. */
export function within(value: number, name: string, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new AwsError(
    'InvalidParameterValue',
    `Value ${value} for parameter ${name} is invalid. Reason: Must be between ${least} and ${most}, if provided.`,
  )
}

/** Throws NotImplemented that names a parameter not among `names`. */
export function only(input: object, ...names: string[]): void {
  const unknown = Object.keys(input).find((name) => !names.includes(name))
  if (unknown !== undefined) throw new AwsError('NotImplemented', `the parameter ${unknown} is not implemented`, 501)
}
