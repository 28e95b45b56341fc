/**
 * One decision, as IAM makes it within one account.
 * Does: explicit deny, identity policies, resource policies, key policies that delegate to the account.
 * Does not: other accounts, permission boundaries, session policies, service control policies.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
 */
import { account, type Caller, type RequestContext, region } from '../service.ts'
import type { Policies } from './policies.ts'
import type { Principal, Statement } from './statement.ts'

export type Decision =
  | { readonly kind: 'allowed'; readonly by: readonly Statement[] }
  | { readonly kind: 'denied'; readonly reason: string }

/** Whether `caller` may do `action` on `resource`, and by which statements. */
export function decide(
  { roles, resourcePolicies }: Policies,
  caller: Caller,
  action: string,
  resource: string,
  given: RequestContext = {},
): Decision {
  const context = { ...contextOf(caller), ...given }
  const role = caller.kind === 'role' ? roles.get(caller.roleArn) : undefined
  if (caller.kind === 'role' && !role) throw new Error(`no role ${caller.roleArn} in the template`)
  const matching = (statements: readonly Statement[]) =>
    statements.filter((statement) => statement.matches(action, resource, context))
  const identity = matching(role?.statements ?? [])
  const attached = matching(resourcePolicies.get(ownerOf(resource)) ?? [])
    .map((statement) => ({ statement, match: principalMatch(statement.principals ?? [], caller) }))
    .filter(({ match }) => match !== 'none')

  const denial = (basis: string) =>
    ({ kind: 'denied', reason: `with an explicit deny in ${basis} policy` }) satisfies Decision
  if (identity.some(({ effect }) => effect === 'Deny')) return denial('an identity-based')
  if (attached.some(({ statement }) => statement.effect === 'Deny')) return denial('a resource-based')

  const direct = attached.filter(({ match }) => match === 'direct').map(({ statement }) => statement)
  const delegating = attached.filter(({ match }) => match === 'account').map(({ statement }) => statement)
  if (caller.kind === 'service') {
    return direct.length > 0 ? { kind: 'allowed', by: direct } : missing('resource-based', action)
  }
  // A key's policy comes first: identity policies count only where it delegates to the account.
  // https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
  if (action.startsWith('kms:')) {
    if (direct.length > 0) return { kind: 'allowed', by: [...direct, ...identity] }
    if (delegating.length === 0) return missing('resource-based', action)
    if (caller.kind === 'admin' || identity.length > 0) return { kind: 'allowed', by: [...delegating, ...identity] }
    return missing('identity-based', action)
  }
  if (caller.kind === 'admin' || identity.length > 0 || direct.length > 0) {
    return { kind: 'allowed', by: [...identity, ...direct] }
  }
  return missing('identity-based', action)
}

/** Whether a role's trust policy lets an AWS service assume it. */
export function trusts(policies: Policies, roleArn: string, service: string, sourceArn: string): boolean {
  const caller: Caller = { kind: 'service', service, sourceArn }
  return (policies.roles.get(roleArn)?.trust ?? []).some(
    ({ effect, principals = [], matches }) =>
      effect === 'Allow' &&
      principalMatch(principals, caller) === 'direct' &&
      matches('sts:AssumeRole', roleArn, contextOf(caller)),
  )
}

/** The service principal of a service's name: `events` and `events.amazonaws.com` are the same. */
export const servicePrincipal = (service: string): string =>
  service.includes('.') ? service : `${service}.amazonaws.com`

const missing = (basis: string, action: string): Decision => ({
  kind: 'denied',
  reason: `because no ${basis} policy allows the ${action} action`,
})

/** The ARN that carries the resource policy: an object's bucket, else the resource itself. */
const ownerOf = (resource: string) => (resource.startsWith('arn:aws:s3:::') ? resource.split('/')[0]! : resource)

function principalMatch(principals: readonly Principal[], caller: Caller): 'direct' | 'account' | 'none' {
  const names = principals.filter(({ kind }) => (kind === 'Service') === (caller.kind === 'service'))
  if (caller.kind === 'service') {
    const everyone = principals.some(({ kind, value }) => kind === 'AWS' && value === '*')
    return everyone || names.some(({ value }) => value === servicePrincipal(caller.service)) ? 'direct' : 'none'
  }
  const roleArn = caller.kind === 'role' ? caller.roleArn : root
  if (names.some(({ value }) => value === '*' || (caller.kind === 'role' && value === roleArn))) return 'direct'
  return names.some(({ value }) => value === root || value === account) ? 'account' : 'none'
}

const root = `arn:aws:iam::${account}:root`

// What AWS sets on every request. Loopback stands in for TLS: on AWS the SDK would speak https.
function contextOf(caller: Caller): RequestContext {
  const always = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3', 'aws:RequestedRegion': region }
  if (caller.kind === 'service') {
    return {
      ...always,
      'aws:PrincipalIsAWSService': 'true',
      'aws:PrincipalServiceName': servicePrincipal(caller.service),
      'aws:SourceAccount': account,
      'aws:SourceArn': caller.sourceArn,
    }
  }
  return {
    ...always,
    'aws:PrincipalIsAWSService': 'false',
    'aws:PrincipalAccount': account,
    'aws:PrincipalArn': caller.kind === 'role' ? caller.roleArn : root,
  }
}
