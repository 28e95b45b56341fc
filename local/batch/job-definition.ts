/**
 * One AWS::Batch::JobDefinition of the template, read strictly.
 * Does: name every property it does not know. Does not: EKS, multi-node, GPU, secrets, volumes, retries by Batch itself.
 */
import { refuseUnknown } from '../functions/configuration.ts'
import type { Resource } from '../service.ts'

export type JobDefinition = {
  readonly name: string
  readonly arn: string
  readonly roleArn: string
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly memoryMb: number
  readonly vcpus: number
  /** Undefined: as long as it takes. */
  readonly timeoutMs: number | undefined
  /** Of the image; its context is an asset of the assembly. */
  readonly imageTag: string
}

export type Named = { readonly Name: string; readonly Value: string }
export type Requirement = { readonly Type: string; readonly Value: string }

/** The settings of a job on Fargate. Throws on unknown properties, other platforms, and a command that is not Node's. */
export const jobDefinitionOf = (resource: Resource): JobDefinition => {
  const where = `${resource.stack}/${resource.logicalId} (${resource.type})`
  const { properties } = resource
  refuseUnknown(where, properties, known)
  const container = properties.ContainerProperties ?? {}
  refuseUnknown(`${where} ContainerProperties`, container, knownOfContainer)
  refuseUnknown(`${where} RetryStrategy`, properties.RetryStrategy ?? {}, [])
  const command: readonly string[] = container.Command ?? []
  if (command[0] !== 'node') throw new Error(`${where}: expected a Command of node, got ${command.join(' ') || 'none'}`)
  const requirements = sizeOf(container.ResourceRequirements ?? [])
  if (!requirements.memoryMb || !requirements.vcpus)
    throw new Error(`${where}: expected ResourceRequirements, got none`)
  const timeout = properties.Timeout?.AttemptDurationSeconds
  return {
    name: resource.ref.split('/').at(-1)!,
    arn: resource.ref,
    roleArn: container.JobRoleArn,
    command,
    environment: environmentOf(container.Environment ?? []),
    memoryMb: requirements.memoryMb,
    vcpus: requirements.vcpus,
    timeoutMs: timeout === undefined ? undefined : Number(timeout) * 1000,
    imageTag: String(container.Image).split(':').at(-1)!,
  }
}

export const environmentOf = (variables: readonly Named[]): Readonly<Record<string, string>> =>
  Object.fromEntries(variables.map(({ Name, Value }) => [Name, String(Value)]))

/** Memory in MiB and processors, as far as the list names them. */
export const sizeOf = (requirements: readonly Requirement[]): { readonly memoryMb?: number; readonly vcpus?: number } =>
  Object.fromEntries(
    requirements.map(({ Type, Value }) => [
      Type === 'MEMORY' ? 'memoryMb' : Type === 'VCPU' ? 'vcpus' : Type,
      Number(Value),
    ]),
  )

const known = ['ContainerProperties', 'JobDefinitionName', 'PlatformCapabilities', 'RetryStrategy', 'Timeout', 'Type']
const knownOfContainer = [
  'Command',
  'Environment',
  'EphemeralStorage',
  'ExecutionRoleArn',
  'FargatePlatformConfiguration',
  'Image',
  'JobRoleArn',
  'LogConfiguration',
  'NetworkConfiguration',
  'ReadonlyRootFilesystem',
  'ResourceRequirements',
  'RuntimePlatform',
]
