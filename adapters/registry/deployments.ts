import type { Deployed } from '../../src/call/deployed.ts'
import type { Resolve } from '../../src/ports.ts'
import { unknownAlias } from '../../src/registry/alias.ts'
import { type Manifest, manifestSchema } from '../../src/registry/manifest.ts'
import { isName, unknownModel } from '../../src/registry/model.ts'
import { type ModelReference, unknownVersion, type Version } from '../../src/registry/version.ts'
import type { Table } from '../aws/table.ts'
import { findAlias, findModel, findVersion } from './registry.ts'

/** How long a reference keeps its version without a read: an alias move holds everywhere after this time. */
const referenceLifeMs = 10_000

/** The caches of an environment stay small, whatever callers ask for. */
const mostEntries = 1000

type Dependencies = {
  readonly registry: Table
  readonly readArtifact: (digest: string) => Promise<Uint8Array>
  readonly nowMs: () => number
}

const keyOf = (reference: ModelReference): string =>
  `${reference.model}@${reference.kind === 'alias' ? reference.alias : reference.number}`

const remember = <Value>(cache: Map<string, Value>, key: string, value: Value): void => {
  cache.delete(key)
  cache.set(key, value)
  const [oldest] = cache.keys()
  if (cache.size > mostEntries && oldest !== undefined) cache.delete(oldest)
}

const readVersionOf = async (registry: Table, reference: ModelReference): Promise<Version> => {
  const { model } = reference
  // A text that cannot be a name is not looked up: DynamoDB refuses empty and overlong keys.
  if (!isName(model)) throw unknownModel(model)
  const noModel = async (): Promise<boolean> => (await findModel(registry)(model)) === undefined
  if (reference.kind === 'alias') {
    const alias = isName(reference.alias) ? await findAlias(registry)(model, reference.alias) : undefined
    if (!alias) throw (await noModel()) ? unknownModel(model) : unknownAlias(model, reference.alias)
    return readVersionOf(registry, { kind: 'version', model, number: alias.version })
  }
  const version = await findVersion(registry)(model, reference.number)
  if (!version) throw (await noModel()) ? unknownModel(model) : unknownVersion(model, reference.number)
  return version
}

/** The model's own record: what its owner set for all of its versions. */
const modelOf = async (registry: Table, { model }: ModelReference) =>
  isName(model) ? await findModel(registry)(model) : undefined

/** Resolves references with consistent reads, cached for 10 s; manifests are cached by digest. */
export const resolveDeployment = ({ registry, readArtifact, nowMs }: Dependencies): Resolve => {
  const deployments = new Map<string, { readonly deployed: Deployed; readonly readAtMs: number }>()
  const manifests = new Map<string, Manifest>()
  const manifestOf = async (digest: string): Promise<Manifest> => {
    const known = manifests.get(digest)
    if (known) return known
    const manifest = manifestSchema.parse(JSON.parse(new TextDecoder().decode(await readArtifact(digest))))
    remember(manifests, digest, manifest)
    return manifest
  }
  return async (reference) => {
    const key = keyOf(reference)
    const known = deployments.get(key)
    if (known && nowMs() - known.readAtMs < referenceLifeMs) return known.deployed
    const readAtMs = nowMs()
    const [version, model] = await Promise.all([readVersionOf(registry, reference), modelOf(registry, reference)])
    const { manifestDigest } = version
    const deployed = {
      version,
      ...(manifestDigest && { manifest: await manifestOf(manifestDigest) }),
      ...(model?.logInputs && { logInputs: true }),
      ...(model?.explain === 'owner' && { explain: 'owner' as const }),
    }
    remember(deployments, key, { deployed, readAtMs })
    return deployed
  }
}
