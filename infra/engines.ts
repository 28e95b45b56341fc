import {
  ArnFormat,
  aws_batch as batch,
  Duration,
  aws_ec2 as ec2,
  aws_ecr_assets as ecrAssets,
  aws_ecs as ecs,
  aws_iam as iam,
  aws_logs as logs,
  RemovalPolicy,
  Size,
  Stack,
  Validations,
} from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { exportNameOf } from './constructs/export-name.ts'
import { allowLookUp, arnOf } from './constructs/handler.ts'
import type { JobTargets } from './engine-states.ts'
import { permissions } from './permissions.ts'
import type { Settings } from './settings.ts'
import type { Storage } from './storage.ts'
import { jobCommand, trainingImage } from './training-image.ts'

export type EnginesProps = {
  readonly settings: Settings
  readonly storage: Storage
  readonly bundles: string
  /** Folder in which the image's context is written. */
  readonly imageFolder: string
  readonly environment: Readonly<Record<string, string>>
}

/** A fit keeps a checkpoint and reads its run's state at least so often, besides those of its own. */
const sliceMs = 600_000
/** As long as a run may take (infra/run-definition.ts). */
const longestJob = Duration.hours(24)
/** Of all jobs together: sixteen of the smallest, two of the largest. */
const mostVcpus = 32
/** What a job gets where the run does not say. */
const least = { vcpus: 2, memory: Size.gibibytes(4) }
/** A table and its columns, where DuckDB works on disk. https://docs.aws.amazon.com/batch/latest/userguide/fargate.html */
const disk = Size.gibibytes(100)

/** AWS Batch on Fargate, and SageMaker, as far as they are switched on: what a run needs to fit beyond a function. */
export class Engines extends Construct {
  readonly targets: JobTargets
  private readonly jobRole: iam.Role
  private readonly image: ecrAssets.DockerImageAsset
  private readonly passed: iam.Role[] = []
  private definition: batch.EcsJobDefinition | undefined
  private queue: batch.JobQueue | undefined

  constructor(scope: Construct, id: string, props: EnginesProps) {
    super(scope, id)
    const { settings, storage, bundles, imageFolder } = props
    const environment = { ...props.environment, PERCALL_JOB_SLICE_MS: String(sliceMs) }
    const arm = settings.architecture === 'arm64'
    this.image = new ecrAssets.DockerImageAsset(this, 'Image', {
      directory: trainingImage(settings, bundles, imageFolder),
      platform: arm ? ecrAssets.Platform.LINUX_ARM64 : ecrAssets.Platform.LINUX_AMD64,
    })
    this.jobRole = this.roleOfJobs(settings, storage)
    this.targets = {
      environment,
      ...(settings.batch && { batch: this.batch(environment, arm, storage) }),
      ...(settings.sagemaker && { sagemaker: this.sagemaker(storage) }),
    }
  }

  /** What the state machine's role needs to start, follow and stop jobs. */
  allow(role: iam.Role): void {
    const stack = Stack.of(this)
    const allow = (actions: string[], resources: string[], conditions?: iam.Conditions) =>
      role.addToPolicy(new iam.PolicyStatement({ actions, resources, ...(conditions && { conditions }) }))
    // https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html, connect-sagemaker.html: IAM policies.
    const follow = (name: string) =>
      allow(
        ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
        [
          stack.formatArn({
            service: 'events',
            resource: 'rule',
            resourceName: `StepFunctionsGetEventsFor${name}Rule`,
          }),
        ],
      )
    if (this.queue && this.definition) {
      allow(['batch:SubmitJob'], [this.queue.jobQueueArn, this.definition.jobDefinitionArn])
      // Neither names a job that is yet to come: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbatch.html
      allow(['batch:DescribeJobs', 'batch:TerminateJob'], ['*'])
      follow('BatchJobs')
    }
    if (this.passed.length === 0) return
    const jobs = stack.formatArn({ service: 'sagemaker', resource: 'training-job', resourceName: 'percall-*' })
    allow(['sagemaker:CreateTrainingJob', 'sagemaker:DescribeTrainingJob', 'sagemaker:StopTrainingJob'], [jobs])
    const roles = this.passed.map((one) => one.roleArn)
    allow(['iam:PassRole'], roles, { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } })
    follow('SageMakerTrainingJobs')
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:sagemaker:<AWS::Region>:<AWS::AccountId>:training-job/percall-*]',
      reason: 'Each job has a name of its own; the prefix bounds them.',
    })
  }

  /** What the functions of the same states may do, together. */
  private roleOfJobs(settings: Settings, storage: Storage): iam.Role {
    const services = [
      ...(settings.batch ? [new iam.ServicePrincipal('ecs-tasks.amazonaws.com')] : []),
      ...(settings.sagemaker ? [new iam.ServicePrincipal('sagemaker.amazonaws.com')] : []),
    ]
    const role = new iam.Role(this, 'JobRole', { assumedBy: new iam.CompositePrincipal(...services) })
    for (const { on, actions } of permissions['train-job'] ?? []) {
      role.addToPolicy(new iam.PolicyStatement({ actions: [...actions], resources: [arnOf(storage, on)] }))
      if (on === 'key') allowLookUp(role, storage)
      const [bucket, ...prefix] = on.split('/')
      if (prefix.length === 0) continue
      const arn = exportNameOf(storage, (bucket === 'data' ? storage.data : storage.artifacts).bucketArn)
      Validations.of(role).acknowledge({
        id: `AwsSolutions-IAM5[Resource::${arn}/${prefix.join('/')}]`,
        reason: 'Names of objects are digests and ids; the prefix bounds them.',
      })
    }
    return role
  }

  private batch(
    environment: Readonly<Record<string, string>>,
    arm: boolean,
    storage: Storage,
  ): NonNullable<JobTargets['batch']> {
    const logGroup = (id: string) =>
      new logs.LogGroup(this, id, {
        retention: logs.RetentionDays.ONE_MONTH,
        encryptionKey: storage.key,
        removalPolicy: RemovalPolicy.DESTROY,
      })
    // Public subnets without a NAT gateway: docs/decisions/0034.
    const network = new ec2.Vpc(this, 'Network', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'Jobs', subnetType: ec2.SubnetType.PUBLIC, mapPublicIpOnLaunch: false }],
      gatewayEndpoints: {
        S3: { service: ec2.GatewayVpcEndpointAwsService.S3 },
        DynamoDb: { service: ec2.GatewayVpcEndpointAwsService.DYNAMODB },
      },
      flowLogs: {
        Rejected: {
          destination: ec2.FlowLogDestination.toCloudWatchLogs(logGroup('FlowLogs')),
          trafficType: ec2.FlowLogTrafficType.REJECT,
        },
      },
    })
    // Vpc lacks an `| undefined` of IVpc under exactOptionalPropertyTypes.
    const vpc = network as ec2.IVpc
    const group = new ec2.SecurityGroup(this, 'Outgoing', { vpc, allowAllOutbound: false })
    group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'AWS, by TLS')
    const computeEnvironment = new batch.FargateComputeEnvironment(this, 'Fargate', {
      vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
      securityGroups: [group],
      maxvCpus: mostVcpus,
    })
    this.queue = new batch.JobQueue(this, 'Queue', { computeEnvironments: [{ computeEnvironment, order: 1 }] })
    const container = new batch.EcsFargateContainerDefinition(this, 'Container', {
      image: ecs.ContainerImage.fromDockerImageAsset(this.image),
      command: [...jobCommand],
      cpu: least.vcpus,
      memory: least.memory,
      ephemeralStorageSize: disk,
      environment: { ...environment },
      jobRole: this.jobRole,
      logging: ecs.LogDriver.awsLogs({ logGroup: logGroup('JobLogs'), streamPrefix: 'job' }),
      assignPublicIp: true,
      fargateCpuArchitecture: arm ? ecs.CpuArchitecture.ARM64 : ecs.CpuArchitecture.X86_64,
      fargateOperatingSystemFamily: ecs.OperatingSystemFamily.LINUX,
    })
    Validations.of(container.executionRole).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'ecr:GetAuthorizationToken has no resource-level permission.',
    })
    this.definition = new batch.EcsJobDefinition(this, 'Job', { container, timeout: longestJob })
    return { queueArn: this.queue.jobQueueArn, definitionArn: this.definition.jobDefinitionArn }
  }

  private sagemaker(storage: Storage): NonNullable<JobTargets['sagemaker']> {
    this.image.repository.grantPull(this.jobRole)
    this.jobRole.addToPolicy(
      new iam.PolicyStatement({
        actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
        resources: [
          Stack.of(this).formatArn({
            service: 'logs',
            resource: 'log-group',
            resourceName: '/aws/sagemaker/*',
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        ],
      }),
    )
    Validations.of(this.jobRole).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'ecr:GetAuthorizationToken has no resource-level permission.',
    })
    Validations.of(this.jobRole).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:/aws/sagemaker/*]',
      reason: 'SageMaker names its own log group.',
    })
    this.passed.push(this.jobRole)
    return {
      roleArn: this.jobRole.roleArn,
      imageUri: this.image.imageUri,
      // SageMaker wants a place; the container leaves nothing in /opt/ml/model.
      outputUri: `s3://${storage.data.bucketName}/runs/sagemaker`,
    }
  }
}
