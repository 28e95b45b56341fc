/**
 * A synthesised cloud assembly (cdk.out) as resolved resources.
 * Does: stacks in dependency order, assets, conditions, mappings, cross-stack exports, resources in DependsOn order.
 * Does not: nested stacks, stages, transforms, dynamic references, parameters without a default, images without a folder.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */

import type { Resource } from './service.ts'
import { readAssembly, type StackTemplate } from './template/assembly.ts'
import { type Endpoints, identityOf, kindOf } from './template/identity.ts'
import { evaluator, noValue } from './template/intrinsics.ts'
import { inOrder } from './template/order.ts'
import { pseudoParameters } from './template/pseudo.ts'

export type Template = {
  /** Every stack's resources that run, each after the resources that it refers to or depends on. */
  readonly resources: readonly Resource[]
  /** Resources that are resolved, so that their references are checked, and then not run. */
  readonly checkedOnly: readonly Resource[]
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** S3 key of an asset, as in Code.S3Key -> absolute path of its folder or file. */
  readonly assets: ReadonlyMap<string, string>
  /** Tag of a Docker image -> absolute path of the folder that it is built from. */
  readonly images: ReadonlyMap<string, string>
}

/**
 * Reads and resolves the assembly in `folder`. Physical names come from stack and logical id, so they survive restarts.
 * Throws an error that names stack and logical id at the first thing it does not know.
 */
export function loadTemplate(folder: string, endpoints: Endpoints): Template {
  const { stacks, assets, images } = readAssembly(folder)
  const exports = new Map<string, string>()
  const resolved = stacks.map((stack) => resolveStack(stack, endpoints, exports))
  const all = resolved.flatMap(({ resources }) => resources)
  return {
    resources: all.filter(({ type }) => kindOf(type) === 'run'),
    checkedOnly: all.filter(({ type }) => kindOf(type) === 'checked only'),
    outputs: Object.fromEntries(stacks.map(({ name }, index) => [name, resolved[index]!.outputs])),
    assets,
    images,
  }
}

/** Resolves one template; adds its exports to `exports`. */
export function resolveStack(
  { name: stack, template }: StackTemplate,
  endpoints: Endpoints,
  exports: Map<string, string>,
): { readonly resources: readonly Resource[]; readonly outputs: Readonly<Record<string, string>> } {
  const fail = (message: string) => new Error(`stack ${stack}: ${message}`)
  const pseudo = pseudoParameters(stack)
  const identities = new Map<string, Pick<Resource, 'ref' | 'attributes'>>()
  const conditions = new Map<string, boolean>()
  /** The logical ids that the resource under evaluation refers to. */
  let references = new Set<string>()

  function condition(name: string): boolean {
    const known = conditions.get(name)
    if (known !== undefined) return known
    const definition = template.Conditions?.[name]
    if (definition === undefined) throw fail(`condition ${name} is not defined`)
    const value = evaluate(definition)
    if (typeof value !== 'boolean')
      throw fail(`condition ${name}: expected true or false, got ${JSON.stringify(value)}`)
    conditions.set(name, value)
    return value
  }

  function identify(logicalId: string) {
    const resource = template.Resources[logicalId]
    if (!resource) throw fail(`no resource or parameter ${logicalId}`)
    if (resource.Condition !== undefined && !condition(resource.Condition)) {
      throw fail(`${logicalId} is referred to, but its condition ${resource.Condition} is false`)
    }
    references.add(logicalId)
    let identity = identities.get(logicalId)
    if (!identity) {
      const named = (property: string): string | undefined => {
        const value = evaluate(resource.Properties?.[property])
        return value === undefined || value === noValue ? undefined : String(value)
      }
      identity = identityOf({ stack, logicalId, type: resource.Type, named, endpoints })
      identities.set(logicalId, identity)
    }
    return identity
  }

  const evaluate = evaluator({
    fail,
    condition,
    ref: (name) => {
      if (name in pseudo) return pseudo[name]
      const parameter = template.Parameters?.[name]
      if (!parameter) return identify(name).ref
      if (parameter.Default === undefined) throw fail(`parameter ${name} has no default`)
      if (String(parameter.Type).startsWith('AWS::SSM::'))
        throw fail(`parameter ${name}: ${parameter.Type} is not supported`)
      return /^List<|^CommaDelimitedList$/.test(parameter.Type)
        ? String(parameter.Default).split(',')
        : parameter.Default
    },
    attribute: (logicalId, attribute) => {
      const value = identify(logicalId).attributes[attribute]
      if (value === undefined) {
        throw fail(`${logicalId}.${attribute}: ${template.Resources[logicalId]!.Type} has no such attribute here`)
      }
      return value
    },
    mapping: (map, first, second) => template.Mappings?.[map]?.[first]?.[second],
    importValue: (name) => {
      const value = exports.get(name)
      if (value === undefined) throw fail(`no earlier stack exports ${name}`)
      return value
    },
  })

  const present = Object.entries(template.Resources).filter(([, { Condition }]) => !Condition || condition(Condition))
  for (const [logicalId, { Type }] of present) {
    if (kindOf(Type) === 'refused') throw fail(`${logicalId}: the resource type ${Type} is not supported`)
  }
  const needs = new Map<string, ReadonlySet<string>>()
  const resources = new Map<string, Resource>()
  for (const [logicalId, { Type: type, Properties = {}, DependsOn = [] }] of present) {
    references = new Set(typeof DependsOn === 'string' ? [DependsOn] : DependsOn)
    const properties = evaluate(Properties)
    needs.set(logicalId, new Set([...references].filter((id) => id !== logicalId)))
    resources.set(logicalId, { stack, logicalId, type, ...identify(logicalId), properties })
  }
  const outputs: Record<string, string> = {}
  for (const [name, { Value, Export, Condition }] of Object.entries(template.Outputs ?? {})) {
    if (Condition !== undefined && !condition(Condition)) continue
    outputs[name] = String(evaluate(Value))
    if (Export === undefined) continue
    const exported = String(evaluate(Export.Name))
    if (exports.has(exported)) throw fail(`output ${name}: ${exported} is exported twice`)
    exports.set(exported, outputs[name])
  }
  return { resources: inOrder(needs, fail).map((logicalId) => resources.get(logicalId)!), outputs }
}
