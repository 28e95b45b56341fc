/**
 * The files of a cloud assembly.
 * Source: https://github.com/aws/aws-cdk/tree/main/packages/%40aws-cdk/cloud-assembly-schema
 */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { inOrder } from './order.ts'

export type StackTemplate = { readonly name: string; readonly template: TemplateFile }

export type TemplateFile = {
  readonly Resources: Readonly<Record<string, ResourceEntry>>
  readonly Conditions?: Readonly<Record<string, unknown>>
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: unknown }>>
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>
  readonly Outputs?: Readonly<Record<string, OutputEntry>>
}
type ResourceEntry = {
  readonly Type: string
  readonly Properties?: Readonly<Record<string, unknown>>
  readonly DependsOn?: string | readonly string[]
  readonly Condition?: string
}
type OutputEntry = {
  readonly Value: unknown
  readonly Export?: { readonly Name: unknown }
  readonly Condition?: string
}
type Artifact = {
  readonly type: string
  readonly properties?: { readonly templateFile?: string; readonly file?: string; readonly stackName?: string }
  readonly dependencies?: readonly string[]
}
type AssetManifest = {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path?: string }
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>
      }
    >
  >
  readonly dockerImages?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly directory?: string }
        readonly destinations: Readonly<Record<string, { readonly imageTag: string }>>
      }
    >
  >
}

/** Stacks, each after those it depends on, assets by S3 key, and folders of images by tag. Throws where `folder` holds no assembly. */
export function readAssembly(folder: string): {
  readonly stacks: readonly StackTemplate[]
  readonly assets: ReadonlyMap<string, string>
  readonly images: ReadonlyMap<string, string>
} {
  const root = resolve(folder)
  if (!existsSync(join(root, 'manifest.json')))
    throw new Error(`${root}: no manifest.json; is it a synthesised cdk.out?`)
  const manifest = readJson<{ artifacts: Record<string, Artifact> }>(join(root, 'manifest.json'))
  const { artifacts } = manifest
  const fail = (message: string) => new Error(`${root}: ${message}`)
  const needs = new Map(Object.entries(artifacts).map(([id, { dependencies }]) => [id, new Set(dependencies)]))
  const stacks: StackTemplate[] = []
  const assets = new Map<string, string>()
  const images = new Map<string, string>()
  for (const id of inOrder(needs, fail)) {
    const { type, properties } = artifacts[id]!
    if (ignoredArtifacts.has(type)) continue
    if (type === 'aws:cloudformation:stack') {
      const template = readJson<TemplateFile>(join(root, properties!.templateFile!))
      stacks.push({ name: properties?.stackName ?? id, template: checked(template, id) })
    } else if (type === 'cdk:asset-manifest') {
      const { files = {}, dockerImages = {} } = readJson<AssetManifest>(join(root, properties!.file!))
      for (const { source, destinations } of Object.values(files)) {
        if (source.path === undefined) throw fail(`${id}: only assets with a path are supported`)
        for (const { objectKey } of Object.values(destinations)) assets.set(objectKey, join(root, source.path))
      }
      for (const { source, destinations } of Object.values(dockerImages)) {
        if (source.directory === undefined) throw fail(`${id}: only Docker images with a directory are supported`)
        for (const { imageTag } of Object.values(destinations)) images.set(imageTag, join(root, source.directory))
      }
    } else throw fail(`artifact ${id}: the type ${type} is not supported`)
  }
  return { stacks, assets, images }
}

// CDK's own rule asks for a bootstrapped account, which there is none of here.
const sections = new Set(['Resources', 'Conditions', 'Parameters', 'Mappings', 'Outputs', 'Rules', 'Metadata'])
const textSections = new Set(['AWSTemplateFormatVersion', 'Description'])
const ignoredArtifacts = new Set(['cdk:tree', 'cdk:feature-flag-report'])
const resourceKeys = new Set(
  'Type Properties DependsOn Condition Metadata DeletionPolicy UpdateReplacePolicy UpdatePolicy'.split(' '),
)

function checked(template: TemplateFile, stack: string): TemplateFile {
  const fail = (message: string) => new Error(`stack ${stack}: ${message}`)
  for (const [name, content] of Object.entries(template)) {
    if (!sections.has(name) && !textSections.has(name)) throw fail(`the template section ${name} is not supported`)
    const rule = name === 'Rules' && Object.keys(content).find((each) => each !== 'CheckBootstrapVersion')
    if (rule) throw fail(`the rule ${rule} is not supported`)
  }
  for (const [logicalId, resource] of Object.entries(template.Resources)) {
    const unknown = Object.keys(resource).find((key) => !resourceKeys.has(key))
    if (unknown) throw fail(`${logicalId}: the resource attribute ${unknown} is not supported`)
  }
  return template
}

// The files are CDK's own, of the shapes above.
const readJson = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T
