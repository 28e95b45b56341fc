/**
 * The template's IAM policies, enforced.
 * Does: decide every call of a role or an AWS service, record each use and refusal, list grants that nobody used.
 * Does not: know which condition keys a request has; each service passes its own.
 */
import { createDecide, servicePrincipal, trusts } from './access/decision.ts'
import { globOf } from './access/pattern.ts'
import { readPolicies } from './access/policies.ts'
import type { Statement } from './access/statement.ts'
import { type Allows, type Authorize, AwsError, account, type Caller, type Resource, type UseKey } from './service.ts'

/** One allowed action on one resource, as the template writes them (wildcards included). */
export type Grant = {
  readonly role: string
  /** Stack, logical id and policy. */
  readonly policy: string
  /** The Sid, or the statement's place in the policy from 0. */
  readonly statement: string
  readonly action: string
  readonly resource: string
}
export type Refusal = {
  readonly caller: string
  readonly action: string
  readonly resource: string
  readonly message: string
}
/** An action that only AWS itself uses, with no SDK call that could be seen here. `*` and `?` as in IAM. */
export type AwsOnly = { readonly action: string; readonly reason: string }

export type Access = {
  readonly authorize: Authorize
  readonly allows: Allows
  readonly useKey: UseKey
  /** Throws unless the role's trust policy lets the service assume it for `sourceArn`. */
  readonly mayAssume: (roleArn: string, service: string, sourceArn: string) => void
  /** Grants of roles that no call has used so far, less those that only AWS uses. */
  readonly unused: (awsOnly?: readonly AwsOnly[]) => readonly Grant[]
  readonly denied: () => readonly Refusal[]
}

// Refusals and uses are for who looks at one run; a service that runs for months keeps no more.
const mostKept = 10_000

/** Reads all policies of the resources. Throws on a policy element, principal or condition that it does not know. */
export function createAccess(resources: readonly Resource[]): Access {
  const policies = readPolicies(resources)
  const decide = createDecide(policies)
  /** Per statement, its action and resource as written, of those that a call has used. */
  const used = new Map<Statement, Set<string>>()
  /** Uses that are recorded, so that the same one costs a look-up. */
  const seen = new Map<Statement, Set<string>>()
  const refusals: Refusal[] = []

  const allows: Allows = (caller, action, resource, context) => {
    const decision = decide(caller, action, resource, context)
    if (decision.kind === 'allowed') record(decision.by, action, resource)
    return decision.kind === 'allowed'
  }
  const authorize: Authorize = (caller, action, resource, context) => {
    const decision = decide(caller, action, resource, context)
    if (decision.kind === 'allowed') return record(decision.by, action, resource)
    const name = nameOf(caller)
    const message = `User: ${name} is not authorized to perform: ${action} on resource: ${resource} ${decision.reason}`
    if (refusals.length < mostKept) refusals.push({ caller: name, action, resource, message })
    throw refusalOf(action, message)
  }
  function record(statements: readonly Statement[], action: string, resource: string): void {
    for (const statement of statements) {
      const use = `${action} ${resource}`
      const uses = seen.get(statement) ?? new Set()
      if (uses.has(use)) continue
      if (uses.size >= mostKept) uses.clear()
      seen.set(statement, uses.add(use))
      used.set(statement, new Set([...(used.get(statement) ?? []), ...grantsUsed(statement, action, resource)]))
    }
  }

  return {
    authorize,
    allows,
    useKey: (caller, action, keyArn, viaService) =>
      authorize(caller, action, keyArn, { 'kms:ViaService': viaService, 'kms:CallerAccount': account }),
    mayAssume: (roleArn, service, sourceArn) => {
      if (trusts(policies, roleArn, service, sourceArn)) return
      throw new Error(
        `${roleArn}: its trust policy does not let ${servicePrincipal(service)} assume it for ${sourceArn}`,
      )
    },
    unused: (awsOnly = []) => {
      const excused = awsOnly.map(({ action }) => globOf(action, { ignoreCase: true }))
      return [...policies.roles.values()]
        .flatMap(({ name, statements }) => statements.flatMap((statement) => grantsOf(name, statement)))
        .filter(({ grant }) => !excused.some((matches) => matches(grant.action)))
        .filter(({ grant, statement }) => !used.get(statement)?.has(`${grant.action} ${grant.resource}`))
        .map(({ grant }) => grant)
    },
    denied: () => refusals,
  }
}

function grantsOf(role: string, statement: Statement): readonly { grant: Grant; statement: Statement }[] {
  if (statement.effect === 'Deny') return []
  const { where: policy, label, actions, resources } = statement
  return actions.flatMap((action) =>
    resources.map((resource) => ({ grant: { role, policy, statement: label, action, resource }, statement })),
  )
}

/** Those actions and resources of a statement, as written, which one call uses. */
function grantsUsed({ actions, resources }: Statement, action: string, resource: string): readonly string[] {
  const matching = resources.filter((each) => globOf(each)(resource))
  return actions
    .filter((each) => globOf(each, { ignoreCase: true })(action))
    .flatMap((written) => matching.map((each) => `${written} ${each}`))
}

function nameOf(caller: Caller): string {
  if (caller.kind === 'service') return servicePrincipal(caller.service)
  if (caller.kind === 'admin') return `arn:aws:iam::${account}:root`
  return `arn:aws:sts::${account}:assumed-role/${caller.roleArn.split('/').at(-1)}/${caller.session ?? 'local'}`
}

// The same refusal has another name and status on the wire of each service.
function refusalOf(action: string, message: string): AwsError {
  const service = action.split(':')[0]!
  if (service === 's3') return new AwsError('AccessDenied', message, 403)
  if (service === 'sqs') return new AwsError('AccessDenied', message, 403)
  return new AwsError('AccessDeniedException', message, service === 'lambda' ? 403 : 400)
}
