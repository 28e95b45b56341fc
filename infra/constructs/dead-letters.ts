import { Duration, type aws_kms as kms, aws_sqs as sqs, Validations } from 'aws-cdk-lib'
import { Construct } from 'constructs'

const longestRetention = Duration.days(14)

/** Where events go that could not be delivered: one encrypted queue a stack. */
export class DeadLetters extends Construct {
  readonly queue: sqs.Queue

  constructor(scope: Construct, id: string, key: kms.IKey) {
    super(scope, id)
    this.queue = new sqs.Queue(this, 'Queue', {
      encryption: sqs.QueueEncryption.KMS,
      encryptionMasterKey: key,
      enforceSSL: true,
      retentionPeriod: longestRetention,
    })
    const reason = 'It is itself the queue of dead letters.'
    Validations.of(this.queue).acknowledge({ id: 'AwsSolutions-SQS3', reason })
    Validations.of(this.queue).acknowledge({ id: 'Serverless-SQSRedrivePolicy', reason })
  }
}
