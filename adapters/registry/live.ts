import { liveAlias } from '../../src/registry/alias.ts'
import { manifestSchema } from '../../src/registry/manifest.ts'
import type { LiveVersion } from '../../src/run/judge/live.ts'
import { type Artifacts, readArtifact } from '../aws/artifacts.ts'
import type { Table } from '../aws/table.ts'
import { findAlias, findVersion } from './registry.ts'

/** The version that `live` of a model means now, with its manifest. */
export const findLive =
  (registry: Table, artifacts: Artifacts) =>
  async (model: string): Promise<LiveVersion | undefined> => {
    const alias = await findAlias(registry)(model, liveAlias)
    const version = alias && (await findVersion(registry)(model, alias.version))
    if (!version) return undefined
    const read = readArtifact(artifacts)
    const { digest, manifestDigest, number } = version
    const manifest = manifestDigest && new TextDecoder().decode(await read(manifestDigest))
    return {
      version: `${model}/${number}`,
      ...(manifest && { manifest: manifestSchema.parse(JSON.parse(manifest)) }),
      readModel: () => read(digest),
    }
  }
