/**
 * Hands each resource of the template to the service that runs it.
 * Does: every type of kind `run`, in the template's order. Does not: policies and permissions, which access.ts has read.
 */
import { resolve } from 'node:path'
import type { Access } from './access.ts'
import type { Batch } from './batch/batch.ts'
import type { Bus } from './bus/bus.ts'
import type { Functions } from './functions/functions.ts'
import type { Gateway } from './gateway.ts'
import type { Keys } from './keys.ts'
import type { Objects } from './objects/objects.ts'
import type { Queues } from './queues.ts'
import type { Resource } from './service.ts'
import type { States } from './states/states.ts'
import type { Tables } from './tables/tables.ts'
import type { Template } from './template.ts'

export type Services = {
  readonly access: Access
  readonly tables: Tables
  readonly objects: Objects
  readonly keys: Keys
  readonly queues: Queues
  readonly functions: Functions
  readonly states: States
  readonly batch: Batch
  readonly bus: Bus
  readonly gateway: Gateway
}

/** Adds all resources. Throws an error that names stack, logical id and what the service does not know. */
export function addResources(template: Template, services: Services): void {
  for (const resource of template.resources) {
    const add = adders[resource.type]
    if (add === undefined) throw new Error(`${whereOf(resource)}: no service runs ${resource.type}`)
    if (add !== readByOthers) add({ resource, template, services })
  }
}

type Addition = { readonly resource: Resource; readonly template: Template; readonly services: Services }

/** Types that another file reads whole: policies (access.ts), the parts of an API (with the API), layers (with functions). */
const readByOthers = 'read by others'

const adders: Readonly<Record<string, ((addition: Addition) => void) | typeof readByOthers>> = {
  'AWS::ApiGatewayV2::Api': ({ resource, template, services }) => {
    const parts = template.resources.filter(({ properties }) => properties.ApiId === resource.ref)
    services.gateway.addApi([resource, ...parts])
  },
  'AWS::ApiGatewayV2::Integration': readByOthers,
  'AWS::ApiGatewayV2::Route': readByOthers,
  'AWS::ApiGatewayV2::Stage': readByOthers,
  'AWS::Batch::JobDefinition': ({ resource, template, services }) => {
    const { JobRoleArn, ExecutionRoleArn, Image } = resource.properties.ContainerProperties
    for (const role of [JobRoleArn, ExecutionRoleArn]) services.access.mayAssume(role, 'ecs-tasks', resource.ref)
    const context = template.images.get(String(Image).split(':').at(-1)!)
    if (!context) throw new Error(`${whereOf(resource)}: expected an image of the assembly, got ${Image}`)
    services.batch.addJobDefinition(resource, context)
  },
  'AWS::Batch::JobQueue': ({ resource, services }) => services.batch.addJobQueue(resource),
  'AWS::DynamoDB::GlobalTable': ({ resource, services }) => services.tables.addTable(resource),
  'AWS::DynamoDB::Table': ({ resource, services }) => services.tables.addTable(resource),
  'AWS::Events::Rule': ({ resource, services }) => addRule(resource, services),
  'AWS::IAM::ManagedPolicy': readByOthers,
  'AWS::IAM::Policy': readByOthers,
  'AWS::IAM::Role': readByOthers,
  'AWS::KMS::Alias': ({ resource, services }) => services.keys.addAlias(resource),
  'AWS::KMS::Key': ({ resource, services }) => services.keys.addKey(resource),
  'AWS::Lambda::Alias': ({ resource, services }) => {
    const { FunctionName } = resource.properties
    services.functions.addAlias(resource.ref, FunctionName)
  },
  'AWS::Lambda::EventInvokeConfig': ({ resource, services }) => services.functions.addEventInvokeConfig(resource),
  'AWS::Lambda::Function': (addition) => addFunction(addition),
  'AWS::Lambda::LayerVersion': readByOthers,
  'AWS::Lambda::Permission': readByOthers,
  'AWS::S3::Bucket': ({ resource, services }) => services.objects.addBucket(resource),
  'AWS::S3::BucketPolicy': readByOthers,
  'AWS::SQS::Queue': ({ resource, services }) => services.queues.addQueue(resource),
  'AWS::SQS::QueuePolicy': readByOthers,
  'AWS::StepFunctions::StateMachine': ({ resource, services }) => {
    services.access.mayAssume(resource.properties.RoleArn, 'states', resource.ref)
    services.states.addStateMachine(resource)
  },
}

/** The types that addResources knows: those of kind `run` and no others, as a test checks. */
export const runTypes: readonly string[] = Object.keys(adders)

function addFunction({ resource, template, services }: Addition): void {
  const { Code, Layers = [], Role } = resource.properties
  services.access.mayAssume(Role, 'lambda', resource.attributes.Arn!)
  const layers = (Layers as string[]).map((layerArn) => {
    const layer = template.resources.find(({ type, ref }) => type === 'AWS::Lambda::LayerVersion' && ref === layerArn)
    if (!layer) throw new Error(`${whereOf(resource)}: no layer ${layerArn} in the template`)
    return assetOf(layer, layer.properties.Content, template)
  })
  services.functions.addFunction(resource, assetOf(resource, Code, template), layers)
}

function addRule(resource: Resource, { access, bus }: Services): void {
  for (const { RoleArn } of (resource.properties.Targets ?? []) as { RoleArn?: string }[]) {
    if (RoleArn !== undefined) access.mayAssume(RoleArn, 'events', resource.attributes.Arn!)
  }
  bus.addRule(resource)
}

function assetOf(resource: Resource, code: { readonly S3Key?: string }, { assets }: Template): string {
  const folder = code.S3Key === undefined ? undefined : assets.get(code.S3Key)
  if (folder) return resolve(folder)
  throw new Error(`${whereOf(resource)}: expected an asset of the assembly, got ${JSON.stringify(code).slice(0, 200)}`)
}

const whereOf = ({ stack, logicalId }: Resource) => `stack ${stack}: ${logicalId}`
