/**
 * Each resource type: whether it runs here, and its names as Ref and GetAtt give them.
 * A type that is not listed is refused.
 */
import { createHash } from 'node:crypto'
import { account, type Resource, region } from '../service.ts'

/** Where the local services listen: they are part of a queue's URL and of an API's endpoint. */
export type Endpoints = { readonly apiUrl: string; readonly awsEndpoint: string }

export type Kind = 'run' | 'checked only' | 'refused'

type Identity = Pick<Resource, 'ref' | 'attributes'>
type Named = {
  readonly stack: string
  readonly logicalId: string
  readonly type: string
  /** A property that names the resource, resolved; undefined where the template leaves it out. */
  readonly named: (property: string) => string | undefined
  readonly endpoints: Endpoints
}
type Names = Named & {
  /** The name of the property, or one made of stack and logical id, of at most so many characters. */
  readonly name: (property: string, longest: number) => string
  /** Letters and digits that depend on stack and logical id only. */
  readonly digest: (length: number) => string
}

/** `run`: a local service plays it. `checked only`: its references are resolved, nothing runs. */
export const kindOf = (type: string): Kind => (type in runs ? 'run' : type in checkedOnly ? 'checked only' : 'refused')

/** Every known type with its kind, sorted by name. */
export const knownTypes = (): readonly { readonly type: string; readonly kind: Kind }[] =>
  [...Object.keys(runs), ...Object.keys(checkedOnly)].sort().map((type) => ({ type, kind: kindOf(type) }))

/** Ref and GetAtt values of a resource. Source of each: its page in the CloudFormation reference, "Return values". */
export function identityOf(resource: Named): Identity {
  const { stack, logicalId, named } = resource
  const identify = runs[resource.type] ?? checkedOnly[resource.type]
  if (!identify) throw new Error(`stack ${stack}: ${logicalId}: the resource type ${resource.type} is not supported`)
  const hash = createHash('sha256').update(`${stack}/${logicalId}`).digest('hex')
  const given = (longest: number) => {
    const whole = `${stack}-${logicalId}`
    return whole.length <= longest ? whole : `${whole.slice(0, longest - 9)}-${hash.slice(0, 8)}`
  }
  const name = (property: string, longest: number) => named(property) ?? given(longest)
  return identify({ ...resource, name, digest: (length) => hash.slice(0, length) })
}

const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`
const functionArn = (nameOrArn: string) =>
  nameOrArn.startsWith('arn:') ? nameOrArn : arn('lambda', `function:${nameOrArn}`)
const only = (ref: string): Identity => ({ ref, attributes: {} })
const table = ({ name, digest }: Names): Identity => {
  const ref = name('TableName', 255)
  const Arn = arn('dynamodb', `table/${ref}`)
  return { ref, attributes: { Arn, TableId: uuid(digest(32)) } }
}
const uuid = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
const generated = ({ name }: Names): Identity => only(name('Id', 255))

const runs: Readonly<Record<string, (names: Names) => Identity>> = {
  'AWS::ApiGatewayV2::Api': ({ digest, endpoints }) => {
    const ref = digest(10)
    return { ref, attributes: { ApiId: ref, ApiEndpoint: endpoints.apiUrl } }
  },
  'AWS::ApiGatewayV2::Integration': ({ digest }) => only(digest(7)),
  'AWS::ApiGatewayV2::Route': ({ digest }) => ({ ref: digest(7), attributes: { RouteId: digest(7) } }),
  'AWS::ApiGatewayV2::Stage': ({ name }) => only(name('StageName', 128)),
  'AWS::Batch::JobDefinition': ({ name }) => only(arn('batch', `job-definition/${name('JobDefinitionName', 128)}:1`)),
  'AWS::Batch::JobQueue': ({ name }) => {
    const ref = arn('batch', `job-queue/${name('JobQueueName', 128)}`)
    return { ref, attributes: { JobQueueArn: ref } }
  },
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::DynamoDB::Table': table,
  'AWS::Events::Rule': ({ name }) => {
    const ref = name('Name', 64)
    return { ref, attributes: { Arn: arn('events', `rule/${ref}`) } }
  },
  'AWS::IAM::ManagedPolicy': ({ name }) => {
    const ref = `arn:aws:iam::${account}:policy/${name('ManagedPolicyName', 128)}`
    return { ref, attributes: { PolicyArn: ref } }
  },
  'AWS::IAM::Policy': ({ name }) => only(name('PolicyName', 128)),
  'AWS::IAM::Role': ({ name, digest }) => {
    const ref = name('RoleName', 64)
    return {
      ref,
      attributes: { Arn: `arn:aws:iam::${account}:role/${ref}`, RoleId: `AROA${digest(17).toUpperCase()}` },
    }
  },
  'AWS::KMS::Alias': ({ name }) => only(name('AliasName', 256)),
  'AWS::KMS::Key': ({ digest }) => {
    const ref = uuid(digest(32))
    return { ref, attributes: { Arn: arn('kms', `key/${ref}`), KeyId: ref } }
  },
  'AWS::Lambda::Alias': ({ name }) => {
    const ref = `${functionArn(name('FunctionName', 64))}:${name('Name', 128)}`
    return { ref, attributes: { AliasArn: ref } }
  },
  'AWS::Lambda::EventInvokeConfig': generated,
  'AWS::Lambda::Function': ({ name }) => {
    const ref = name('FunctionName', 64)
    return { ref, attributes: { Arn: functionArn(ref) } }
  },
  'AWS::Lambda::LayerVersion': ({ name }) => {
    const ref = arn('lambda', `layer:${name('LayerName', 64)}:1`)
    return { ref, attributes: { LayerVersionArn: ref } }
  },
  'AWS::Lambda::Permission': generated,
  'AWS::S3::Bucket': ({ name }) => {
    const ref = name('BucketName', 63).toLowerCase()
    const attributes = {
      Arn: `arn:aws:s3:::${ref}`,
      DomainName: `${ref}.s3.amazonaws.com`,
      RegionalDomainName: `${ref}.s3.${region}.amazonaws.com`,
    }
    return { ref, attributes }
  },
  'AWS::S3::BucketPolicy': generated,
  'AWS::SQS::Queue': ({ name, endpoints }) => {
    const QueueName = name('QueueName', 80)
    const ref = `${endpoints.awsEndpoint}/${account}/${QueueName}`
    return { ref, attributes: { Arn: arn('sqs', QueueName), QueueName, QueueUrl: ref } }
  },
  'AWS::SQS::QueuePolicy': generated,
  'AWS::StepFunctions::StateMachine': ({ name }) => {
    const Name = name('StateMachineName', 80)
    const ref = arn('states', `stateMachine:${Name}`)
    return { ref, attributes: { Arn: ref, Name } }
  },
}

const checkedOnly: Readonly<Record<string, (names: Names) => Identity>> = {
  'AWS::Batch::ComputeEnvironment': ({ name }) => {
    const ref = arn('batch', `compute-environment/${name('ComputeEnvironmentName', 128)}`)
    return { ref, attributes: { ComputeEnvironmentArn: ref } }
  },
  'AWS::CDK::Metadata': generated,
  'AWS::CloudWatch::Alarm': ({ name }) => {
    const ref = name('AlarmName', 255)
    return { ref, attributes: { Arn: arn('cloudwatch', `alarm:${ref}`) } }
  },
  'AWS::CloudWatch::CompositeAlarm': ({ name }) => {
    const ref = name('AlarmName', 255)
    return { ref, attributes: { Arn: arn('cloudwatch', `alarm:${ref}`) } }
  },
  'AWS::CloudWatch::Dashboard': ({ name }) => only(name('DashboardName', 255)),
  'AWS::CodeDeploy::Application': ({ name }) => only(name('ApplicationName', 100)),
  'AWS::CodeDeploy::DeploymentGroup': ({ name }) => only(name('DeploymentGroupName', 100)),
  // The network of jobs, which run as processes here.
  'AWS::EC2::FlowLog': ({ digest }) => only(`fl-${digest(17)}`),
  'AWS::EC2::InternetGateway': ({ digest }) => only(`igw-${digest(17)}`),
  'AWS::EC2::Route': generated,
  'AWS::EC2::RouteTable': ({ digest }) => only(`rtb-${digest(17)}`),
  'AWS::EC2::SecurityGroup': ({ digest }) => {
    const ref = `sg-${digest(17)}`
    return { ref, attributes: { GroupId: ref } }
  },
  'AWS::EC2::Subnet': ({ digest }) => only(`subnet-${digest(17)}`),
  'AWS::EC2::SubnetRouteTableAssociation': generated,
  'AWS::EC2::VPC': ({ digest }) => only(`vpc-${digest(17)}`),
  'AWS::EC2::VPCEndpoint': ({ digest }) => only(`vpce-${digest(17)}`),
  'AWS::EC2::VPCGatewayAttachment': generated,
  'AWS::Lambda::Version': ({ name }) => ({
    ref: `${functionArn(name('FunctionName', 64))}:1`,
    attributes: { Version: '1' },
  }),
  'AWS::Logs::LogGroup': ({ name }) => {
    const ref = name('LogGroupName', 512)
    return { ref, attributes: { Arn: arn('logs', `log-group:${ref}:*`) } }
  },
  'AWS::Logs::MetricFilter': generated,
  'AWS::Logs::QueryDefinition': generated,
  'AWS::Logs::ResourcePolicy': generated,
  'AWS::SNS::Subscription': ({ digest }) => {
    const ref = arn('sns', `subscription:${uuid(digest(32))}`)
    return { ref, attributes: { Arn: ref } }
  },
  'AWS::SNS::Topic': ({ name }) => {
    const TopicName = name('TopicName', 256)
    const ref = arn('sns', TopicName)
    return { ref, attributes: { TopicArn: ref, TopicName } }
  },
  'AWS::SNS::TopicPolicy': generated,
}
