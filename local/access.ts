/**
 * The template's IAM policies, enforced.
 * Does: decide every call of a role or an AWS service, record each use and refusal, list grants that nobody used.
 * Does not: know which condition keys a request has; each service passes its own.
 */
import { decide, servicePrincipal, trusts } from './access/decision.ts'
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

/** Reads all policies of the resources. Throws on a policy element, principal or condition that it does not know. */
export function createAccess(resources: readonly Resource[]): Access {
  const policies = readPolicies(resources)
  const used = new Map<Statement, Set<string>>()
  const refusals: Refusal[] = []

  const allows: Allows = (caller, action, resource, context) => {
    const decision = decide(policies, caller, action, resource, context)
    if (decision.kind === 'allowed') record(decision.by, action, resource)
    return decision.kind === 'allowed'
  }
  const authorize: Authorize = (caller, action, resource, context) => {
    const decision = decide(policies, caller, action, resource, context)
    if (decision.kind === 'allowed') return record(decision.by, action, resource)
    const name = nameOf(caller)
    const message = `User: ${name} is not authorized to perform: ${action} on resource: ${resource} ${decision.reason}`
    refusals.push({ caller: name, action, resource, message })
    throw refusalOf(action, message)
  }
  function record(statements: readonly Statement[], action: string, resource: string): void {
    for (const statement of statements) {
      const uses = used.get(statement) ?? new Set()
      used.set(statement, uses.add(`${action} ${resource}`))
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
        .filter(({ grant, statement }) => !isUsed(grant, used.get(statement)))
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

function isUsed({ action, resource }: Grant, uses: ReadonlySet<string> = new Set()): boolean {
  const matchesAction = globOf(action, { ignoreCase: true })
  const matchesResource = globOf(resource)
  return [...uses].some((use) => {
    const space = use.indexOf(' ')
    return matchesAction(use.slice(0, space)) && matchesResource(use.slice(space + 1))
  })
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
