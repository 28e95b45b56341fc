import { join } from 'node:path'
import {
  type Duration,
  aws_iam as iam,
  aws_lambda as lambda,
  aws_logs as logs,
  RemovalPolicy,
  Size,
  Stack,
  Validations,
} from 'aws-cdk-lib'
import { Construct } from 'constructs'
import type { Grant, Target } from '../grant.ts'
import { permissions } from '../permissions.ts'
import { lambdaArchitecture, type Settings } from '../settings.ts'
import type { Storage } from '../storage.ts'
import { exportNameOf } from './export-name.ts'

export type HandlerProps = {
  /** Folder of bundles (infra/build.ts). */
  readonly bundles: string
  /** Name of the bundle, where it is not the function's own. */
  readonly bundle?: string
  readonly settings: Settings
  readonly storage: Storage
  readonly memoryMb: number
  readonly timeout: Duration
  readonly temporaryMb?: number
  readonly environment: Readonly<Record<string, string>>
  readonly layers?: readonly lambda.ILayerVersion[]
  /** ARNs of targets outside of the Storage stack. */
  readonly others?: Readonly<Partial<Record<Target, string>>>
  /** True where a caller waits for the answer, so that a failure needs no dead letter. */
  readonly synchronous: boolean
}

/** One bundled handler with a role, a log group and permissions of its own (infra/permissions.ts). */
export class Handler extends Construct {
  readonly function: lambda.Function
  readonly role: iam.Role

  constructor(scope: Construct, name: string, props: HandlerProps) {
    super(scope, name)
    const { settings, storage } = props
    const logGroup = new logs.LogGroup(this, 'Logs', {
      retention: logs.RetentionDays.ONE_MONTH,
      encryptionKey: storage.key,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    this.role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') })
    this.role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    )
    this.function = new lambda.Function(this, 'Function', {
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambdaArchitecture(settings),
      handler: 'index.handler',
      code: lambda.Code.fromAsset(join(props.bundles, props.bundle ?? name)),
      role: this.role,
      logGroup,
      memorySize: props.memoryMb,
      timeout: props.timeout,
      environment: props.environment,
      tracing: lambda.Tracing.ACTIVE,
      ...(props.layers && { layers: [...props.layers] }),
      ...(props.temporaryMb !== undefined && { ephemeralStorageSize: Size.mebibytes(props.temporaryMb) }),
    })
    for (const grant of grantsOf(name)) this.allow(grant, props)
    this.acknowledge(name, props)
  }

  private allow({ on, actions }: Grant, { storage, others }: HandlerProps): void {
    const arn = others?.[on] ?? arnOf(storage, on)
    this.role.addToPolicy(new iam.PolicyStatement({ actions: [...actions], resources: [arn] }))
    if (on === 'key') allowLookUp(this.role, storage)
  }

  private acknowledge(name: string, { synchronous, storage }: HandlerProps): void {
    const waited = 'It is invoked by callers that wait for its answer: there is no event to keep.'
    const kept =
      'Its destination on failure keeps the event and the error, more than a dead-letter queue of its own would.'
    const reason = synchronous ? waited : kept
    Validations.of(this.function).acknowledge({ id: 'Serverless-LambdaDLQ', reason })
    if (synchronous)
      Validations.of(this.function).acknowledge({ id: 'Serverless-LambdaAsyncFailureDestination', reason })
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray has no resource-level permissions.',
    })
    for (const { on } of grantsOf(name).filter((grant) => grant.on.endsWith('*'))) {
      const [bucket, ...prefix] = on.split('/')
      const arn = exportNameOf(storage, (bucket === 'data' ? storage.data : storage.artifacts).bucketArn)
      Validations.of(this.role).acknowledge({
        id: `AwsSolutions-IAM5[Resource::${arn}/${prefix.join('/')}]`,
        reason: 'Names of objects are digests and ids; the prefix bounds them.',
      })
    }
  }
}

const grantsOf = (name: string): readonly Grant[] => {
  const grants = permissions[name]
  if (!grants) throw new Error(`function ${name}: expected its permissions in infra/permissions.ts, got none`)
  return grants
}

/** DynamoDB looks the key up in the caller's name; nothing of ours calls it. */
export const allowLookUp = (role: iam.Role, { key }: Storage): void => {
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: ['kms:DescribeKey'],
      resources: [key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${Stack.of(role).region}.amazonaws.com` } },
    }),
  )
}

/** ARN of a target in the Storage stack. */
export const arnOf = ({ registry, ledger, key, artifacts, data }: Storage, target: Target): string => {
  const [kind, ...prefix] = target.split('/')
  if (kind === 'registry') return registry.tableArn
  if (kind === 'ledger') return ledger.tableArn
  if (kind === 'key') return key.keyArn
  const bucket = kind === 'artifacts' ? artifacts : kind === 'data' ? data : undefined
  if (!bucket) throw new Error(`permission on ${target}: expected an ARN from the stack, got none`)
  return prefix.length === 0 ? bucket.bucketArn : bucket.arnForObjects(prefix.join('/'))
}
