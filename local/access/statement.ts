/**
 * Policy documents as compiled statements.
 * Does: Allow, Deny, Action, NotAction, Resource, NotResource, Principal (AWS, Service), Condition.
 * Does not: NotPrincipal, federated and canonical principals.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
import type { RequestContext } from '../service.ts'
import { type Condition, conditionOf } from './condition.ts'
import { arnGlobOf, globOf } from './pattern.ts'

export type Principal = { readonly kind: 'AWS' | 'Service'; readonly value: string }

export type Statement = {
  /** Where the statement stands, such as `stack Service: PredictRole/DefaultPolicy`. */
  readonly where: string
  /** The Sid, or the statement's place in its document. */
  readonly label: string
  readonly effect: 'Allow' | 'Deny'
  /** As written: Action or NotAction, Resource or NotResource. */
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly principals: readonly Principal[] | undefined
  /** Whether action and resource are the statement's. */
  readonly covers: (action: string, resource: string) => boolean
  /** Whether its condition holds; absent without one. */
  readonly holds: ((context: RequestContext) => boolean) | undefined
}

/** The statements of a policy document. Throws on an element that it does not know, naming it and `where`. */
export function statementsOf(document: unknown, where: string): readonly Statement[] {
  const { Statement, Version = '2008-10-17', Id: _, ...unknown } = document as Record<string, unknown>
  const stray = Object.keys(unknown)[0]
  if (stray) throw new Error(`${where}: policy element ${stray} is not supported`)
  if (!versions.has(String(Version))) throw new Error(`${where}: policy version ${Version} is not supported`)
  return listOf(Statement).map((each, index) => statementOf(each as Record<string, unknown>, index, where))
}

const versions = new Set(['2008-10-17', '2012-10-17'])
const elements = new Set('Sid Effect Action NotAction Resource NotResource Principal Condition'.split(' '))

function statementOf(statement: Record<string, unknown>, index: number, where: string): Statement {
  const stray = Object.keys(statement).find((name) => !elements.has(name))
  if (stray) throw new Error(`${where}: policy element ${stray} is not supported`)
  const { Sid, Effect, Action, NotAction, Resource, NotResource } = statement
  const label = Sid === undefined ? String(index) : String(Sid)
  if (Effect !== 'Allow' && Effect !== 'Deny') throw new Error(`${where}: expected Effect Allow or Deny, got ${Effect}`)
  const actions = listOf(Action ?? NotAction).map(String)
  if (actions.length === 0) throw new Error(`${where}: statement ${label} has no Action`)
  const resources = listOf(Resource ?? NotResource).map(String)
  const actionGlobs = actions.map((each) => globOf(each, { ignoreCase: true }))
  const resourceGlobs = resources.map(arnGlobOf)
  const condition: Condition | undefined =
    statement.Condition === undefined ? undefined : conditionOf(statement.Condition, where)
  return {
    where,
    label,
    effect: Effect,
    actions,
    resources,
    principals: statement.Principal === undefined ? undefined : principalsOf(statement.Principal, where),
    holds: condition,
    covers: (action, resource) =>
      actionGlobs.some((matches) => matches(action)) === (Action !== undefined) &&
      (resources.length === 0 || resourceGlobs.some((matches) => matches(resource)) === (Resource !== undefined)),
  }
}

function principalsOf(principal: unknown, where: string): readonly Principal[] {
  if (principal === '*') return [{ kind: 'AWS', value: '*' }]
  return Object.entries(principal as Record<string, unknown>).flatMap(([kind, values]) => {
    if (kind !== 'AWS' && kind !== 'Service') throw new Error(`${where}: principal type ${kind} is not supported`)
    return listOf(values).map((value) => ({ kind, value: String(value) }))
  })
}

const listOf = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value]
