import {
  Duration,
  aws_dynamodb as dynamodb,
  aws_iam as iam,
  aws_kms as kms,
  RemovalPolicy,
  Stack,
  type StackProps,
  aws_s3 as s3,
  Validations,
} from 'aws-cdk-lib'
import type { Construct } from 'constructs'

const uploadDays = 1
const answerDays = 2
// As in src/batch/batch.ts.
const batchDays = 7
const oldVersionDays = 30
const accessLogDays = 90

/** All state: it is retained, versioned or recoverable, encrypted by one key, and never moves to another stack. */
export class Storage extends Stack {
  readonly key: kms.Key
  readonly registry: dynamodb.Table
  readonly ledger: dynamodb.Table
  readonly artifacts: s3.Bucket
  readonly data: s3.Bucket

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, { ...props, terminationProtection: true })
    this.key = this.encryptionKey()
    // Uploads and batches in the one, statistics, calls and records of keys in the other; what is to stay has no such attribute.
    this.registry = this.table('Registry', { timeToLiveAttribute: 'expires' })
    this.ledger = this.table('Ledger', { timeToLiveAttribute: 'expires' })
    const accessLogs = this.accessLogs()
    this.artifacts = this.bucket('Artifacts', accessLogs, [])
    this.data = this.bucket('Data', accessLogs, [
      removedAfter('uploads', uploadDays),
      // Beyond the day of an Idempotency-Key, and the two of a call.
      removedAfter('answers', answerDays),
      removedAfter('calls', answerDays),
      removedAfter('batches', batchDays),
      removedAfter('quarantine', uploadDays),
    ])
    // New objects among a dataset's incoming ones make versions. Of the resource itself: the construct's own switch adds a
    // function that sets it.
    const data = this.data.node.defaultChild as s3.CfnBucket // a Bucket's default child
    data.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } }
    // Pages upload and fetch large results by presigned URLs.
    this.data.addCorsRule({
      allowedMethods: [s3.HttpMethods.PUT, s3.HttpMethods.GET],
      allowedOrigins: ['*'],
      allowedHeaders: ['*'],
    })
  }

  private encryptionKey(): kms.Key {
    const key = new kms.Key(this, 'EncryptionKey', {
      description: 'Percall: tables, buckets, queues, logs and the deployment secret',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    key.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'Logs',
        principals: [new iam.ServicePrincipal(`logs.${this.region}.amazonaws.com`)],
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        resources: ['*'], // in a key policy: this key
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': `arn:${this.partition}:logs:${this.region}:${this.account}:*`,
          },
        },
      }),
    )
    // Rules put dead letters into encrypted queues:
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    key.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'Events',
        principals: [new iam.ServicePrincipal('events.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    )
    // The topic of alarms is encrypted by it:
    // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    key.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'Alarms',
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    )
    return key
  }

  private table(id: string, more: Partial<dynamodb.TableProps> = {}): dynamodb.Table {
    return new dynamodb.Table(this, id, {
      ...more,
      partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
      sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    })
  }

  private accessLogs(): s3.Bucket {
    // SSE-S3: server access logs cannot be delivered to a bucket with a customer's key.
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
    const bucket = new s3.Bucket(this, 'AccessLogs', {
      ...privateBucket,
      encryption: s3.BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ id: 'old', expiration: Duration.days(accessLogDays) }],
    })
    Validations.of(bucket).acknowledge({ id: 'AwsSolutions-S1', reason: 'It holds the access logs of the others.' })
    return bucket
  }

  private bucket(id: string, accessLogs: s3.Bucket, rules: readonly s3.LifecycleRule[]): s3.Bucket {
    return new s3.Bucket(this, id, {
      ...privateBucket,
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: this.key,
      bucketKeyEnabled: true,
      versioned: true,
      serverAccessLogsBucket: accessLogs as s3.IBucket, // the CDK's own class misses exactOptionalPropertyTypes by one member
      serverAccessLogsPrefix: `${id.toLowerCase()}/`,
      lifecycleRules: [
        {
          id: 'leftovers',
          abortIncompleteMultipartUploadAfter: Duration.days(uploadDays),
          noncurrentVersionExpiration: Duration.days(oldVersionDays),
        },
        ...rules,
      ],
    })
  }
}

/** What callers sent and got does not outlive its days as an old version. */
const removedAfter = (folder: string, days: number): s3.LifecycleRule => ({
  id: folder,
  prefix: `${folder}/`,
  expiration: Duration.days(days),
  noncurrentVersionExpiration: Duration.days(1),
})

const privateBucket = {
  blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
  objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
  enforceSSL: true,
  removalPolicy: RemovalPolicy.RETAIN,
} as const
