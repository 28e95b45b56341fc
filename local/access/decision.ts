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

/** Whether a caller may do an action on a resource, and by which statements. */
export type Decide = (caller: Caller, action: string, resource: string, given?: RequestContext) => Decision

/** What the policies say of one caller, action and resource, whatever the request's context is. */
type Applicable = {
  readonly identity: readonly Statement[]
  readonly attached: readonly { readonly statement: Statement; readonly match: 'direct' | 'account' }[]
  readonly isConditional: boolean
}

// Keys of objects make new resources without end.
const mostRemembered = 10_000

/** Decides by these policies; which statements cover an action on a resource is found once and remembered. */
export function createDecide(policies: Policies): Decide {
  const remembered = new Map<string, Applicable>()
  return (caller, action, resource, given) => {
    const name = `${identityOf(caller)} ${action} ${resource}`
    let applicable = remembered.get(name)
    if (!applicable) {
      if (remembered.size >= mostRemembered) remembered.clear()
      applicable = applicableTo(policies, caller, action, resource)
      remembered.set(name, applicable)
    }
    return decide(applicable, caller, action, given)
  }
}

const identityOf = (caller: Caller): string =>
  caller.kind === 'role' ? caller.roleArn : caller.kind === 'admin' ? 'admin' : caller.service

function applicableTo(
  { roles, resourcePolicies }: Policies,
  caller: Caller,
  action: string,
  resource: string,
): Applicable {
  const role = caller.kind === 'role' ? roles.get(caller.roleArn) : undefined
  if (caller.kind === 'role' && !role) throw new Error(`no role ${caller.roleArn} in the template`)
  const covering = (statements: readonly Statement[]) =>
    statements.filter((statement) => statement.covers(action, resource))
  const identity = covering(role?.statements ?? [])
  const attached = covering(resourcePolicies.get(ownerOf(resource)) ?? []).flatMap((statement) => {
    const match = principalMatch(statement.principals ?? [], caller)
    return match === 'none' ? [] : [{ statement, match }]
  })
  const isConditional = [...identity, ...attached.map(({ statement }) => statement)].some(({ holds }) => holds)
  return { identity, attached, isConditional }
}

function decide(applicable: Applicable, caller: Caller, action: string, given: RequestContext = {}): Decision {
  const context = applicable.isConditional ? { ...contextOf(caller), ...given } : given
  const holds = (statement: Statement) => statement.holds === undefined || statement.holds(context)
  const identity = applicable.identity.filter(holds)
  const attached = applicable.attached.filter(({ statement }) => holds(statement))

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
    ({ effect, principals = [], covers, holds }) =>
      effect === 'Allow' &&
      principalMatch(principals, caller) === 'direct' &&
      covers('sts:AssumeRole', roleArn) &&
      (holds === undefined || holds(contextOf(caller))),
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
