/**
 * Every policy of a template.
 * Does: roles with inline, attached and managed policies; policies of buckets, queues, keys and functions.
 * Does not: users, groups, permission boundaries, organisations.
 */
import type { Resource } from '../service.ts'
import { managedPolicies } from './managed-policies.ts'
import { type Statement, statementsOf } from './statement.ts'

export type Role = {
  readonly name: string
  readonly arn: string
  readonly trust: readonly Statement[]
  readonly statements: readonly Statement[]
}
export type Policies = {
  /** By ARN. */
  readonly roles: ReadonlyMap<string, Role>
  /** Resource policies by the ARN of bucket, queue, key or function. */
  readonly resourcePolicies: ReadonlyMap<string, readonly Statement[]>
}

/** Reads and compiles the policies. Throws on what it does not know, naming stack, logical id and what. */
export function readPolicies(resources: readonly Resource[]): Policies {
  const ofType = (type: string) => resources.filter((resource) => resource.type === type)
  const customerManaged = new Map(ofType('AWS::IAM::ManagedPolicy').map((policy) => [policy.ref, policy]))
  const inline = [...ofType('AWS::IAM::Policy'), ...ofType('AWS::IAM::ManagedPolicy')]
  for (const policy of inline) refuseOthers(policy, policyProperties)

  const roles = new Map<string, Role>()
  for (const role of ofType('AWS::IAM::Role')) {
    refuseOthers(role, roleProperties)
    const { AssumeRolePolicyDocument, ManagedPolicyArns = [], Policies = [] } = role.properties
    const where = whereOf(role)
    const own = (Policies as { PolicyName: string; PolicyDocument: unknown }[]).flatMap((policy) =>
      statementsOf(policy.PolicyDocument, `${where}/${policy.PolicyName}`),
    )
    const attached = inline
      .filter(({ properties }) => (properties.Roles ?? []).includes(role.ref))
      .flatMap((policy) => statementsOf(policy.properties.PolicyDocument, whereOf(policy)))
    const managed = (ManagedPolicyArns as string[]).flatMap((policyArn) => {
      const document = managedPolicies[policyArn] ?? customerManaged.get(policyArn)?.properties.PolicyDocument
      if (!document) throw new Error(`${where}: the managed policy ${policyArn} is not supported`)
      return statementsOf(document, `${where}/${policyArn.split('/').at(-1)}`)
    })
    const trust = statementsOf(AssumeRolePolicyDocument, `${where}/AssumeRolePolicyDocument`)
    const arn = role.attributes.Arn!
    roles.set(arn, { name: role.ref, arn, trust, statements: [...own, ...attached, ...managed] })
  }

  const resourcePolicies = new Map<string, Statement[]>()
  const add = (arn: string, statements: readonly Statement[]) =>
    resourcePolicies.set(arn, [...(resourcePolicies.get(arn) ?? []), ...statements])
  for (const policy of ofType('AWS::S3::BucketPolicy')) {
    refuseOthers(policy, ['Bucket', 'PolicyDocument'])
    const { Bucket, PolicyDocument } = policy.properties
    add(`arn:aws:s3:::${Bucket}`, statementsOf(PolicyDocument, whereOf(policy)))
  }
  for (const policy of ofType('AWS::SQS::QueuePolicy')) {
    refuseOthers(policy, ['Queues', 'PolicyDocument'])
    const { Queues, PolicyDocument } = policy.properties
    for (const url of Queues as string[]) {
      const queue = ofType('AWS::SQS::Queue').find(({ ref }) => ref === url)
      if (!queue) throw new Error(`${whereOf(policy)}: no queue ${url} in the template`)
      add(queue.attributes.Arn!, statementsOf(PolicyDocument, whereOf(policy)))
    }
  }
  for (const key of ofType('AWS::KMS::Key')) {
    add(key.attributes.Arn!, statementsOf(key.properties.KeyPolicy, `${whereOf(key)}/KeyPolicy`))
  }
  for (const permission of ofType('AWS::Lambda::Permission')) {
    const functions = [...ofType('AWS::Lambda::Function'), ...ofType('AWS::Lambda::Alias')]
    const { FunctionName } = permission.properties
    const target = functions.find(({ ref, attributes }) => [ref, attributes.Arn].includes(FunctionName))
    if (!target) throw new Error(`${whereOf(permission)}: no function ${FunctionName} in the template`)
    const arn = target.attributes.Arn ?? target.ref
    add(arn, statementsOf(permissionDocument(permission, arn), whereOf(permission)))
  }
  return { roles, resourcePolicies }
}

const whereOf = ({ stack, logicalId }: Resource) => `stack ${stack}: ${logicalId}`

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html
function permissionDocument(permission: Resource, functionArn: string): object {
  refuseOthers(permission, ['Action', 'FunctionName', 'Principal', 'SourceArn', 'SourceAccount'])
  const { Action, Principal, SourceArn, SourceAccount } = permission.properties
  const isService = String(Principal).endsWith('.amazonaws.com')
  const statement = {
    Sid: permission.logicalId,
    Effect: 'Allow',
    Action,
    Principal: isService ? { Service: Principal } : { AWS: Principal },
    Resource: functionArn,
    Condition: {
      ...(SourceArn && { ArnLike: { 'aws:SourceArn': SourceArn } }),
      ...(SourceAccount && { StringEquals: { 'aws:SourceAccount': SourceAccount } }),
    },
  }
  return { Statement: [statement] }
}

const policyProperties = ['PolicyName', 'PolicyDocument', 'Roles', 'ManagedPolicyName', 'Description', 'Path']
const roleProperties = [
  'AssumeRolePolicyDocument',
  'Description',
  'ManagedPolicyArns',
  'MaxSessionDuration',
  'Path',
  'Policies',
  'RoleName',
  'Tags',
]

function refuseOthers(resource: Resource, known: readonly string[]): void {
  const unknown = Object.keys(resource.properties).find((name) => !known.includes(name))
  if (unknown) throw new Error(`${whereOf(resource)}: the property ${unknown} of ${resource.type} is not supported`)
}
