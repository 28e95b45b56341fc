import { createHash } from 'node:crypto'
import { outputQuality } from '../../src/optimise/quality.ts'
import { judgedTrainRows, judgeTrainRows, rowSamples } from '../../src/optimise/train-rows.ts'
import type { Optimisation, VariantName } from '../../src/optimise/variant.ts'
import { isTabular, type Manifest } from '../../src/registry/manifest.ts'
import type { Version } from '../../src/registry/version.ts'
import { decodePrepared } from '../../src/run/data-file.ts'
import type { RunSpec } from '../../src/run/spec.ts'
import type { StoredFile } from '../frames/frames.ts'
import type { OptimiseRequest } from '../variants/optimise-file.ts'

type Dependencies = {
  readonly readQuarantined: (id: string, file: 'model.onnx') => Promise<Uint8Array>
  readonly putQuarantined: (id: string, file: 'optimised.onnx', bytes: Uint8Array) => Promise<StoredFile>
  readonly keepChoice: (id: string, make: () => Promise<Choice>) => Promise<Choice>
  readonly readManifest: (digest: string) => Promise<Manifest>
  /** An artifact of the run that made a version; undefined where it is gone. */
  readonly findRunFile: (runId: string, name: 'spec.json' | 'data.bin') => Promise<Uint8Array | undefined>
  readonly optimise: (
    bytes: Uint8Array,
    request: Omit<OptimiseRequest, 'path' | 'folder'>,
    version: Version,
  ) => Promise<{ readonly optimisation: Optimisation; readonly bytes: Uint8Array }>
}

/** The choice for a version, and its file in quarantine. */
export type Choice = {
  readonly optimisation: Optimisation
  readonly file: StoredFile
  readonly digest: string
  readonly sizeBytes: number
}

/** By the train rows of the run that made the version where they are kept, else by inputs made up. */
const judging = async ({ readManifest, findRunFile }: Dependencies, { runId, manifestDigest }: Version) => {
  const manifest = manifestDigest === undefined ? undefined : await readManifest(manifestDigest)
  if (!manifest || !isTabular(manifest) || runId === undefined) return { judge: outputQuality }
  const [spec, data] = await Promise.all([findRunFile(runId, 'spec.json'), findRunFile(runId, 'data.bin')])
  if (!spec || !data) return { judge: outputQuality }
  const { plan, seed } = JSON.parse(new TextDecoder().decode(spec)) as RunSpec // what the run's plan wrote
  const rows = judgedTrainRows(decodePrepared(data))
  return { judge: judgeTrainRows(plan, manifest, rows, seed), samples: rowSamples(manifest, rows) }
}

/** Makes and measures the variants of a version's staged graph; what was chosen before is answered again. */
export const variantsOfVersion =
  (deps: Dependencies) =>
  async (
    id: string,
    version: Version,
    policy: string,
  ): Promise<Omit<Choice, 'optimisation'> & { chosen: VariantName }> => {
    const { optimisation, ...chosen } = await deps.keepChoice(id, async () => {
      const request = { policy, others: {}, ...(await judging(deps, version)) }
      const { optimisation, bytes } = await deps.optimise(
        await deps.readQuarantined(id, 'model.onnx'),
        request,
        version,
      )
      const file = await deps.putQuarantined(id, 'optimised.onnx', bytes)
      return { optimisation, file, digest: createHash('sha256').update(bytes).digest('hex'), sizeBytes: bytes.length }
    })
    return { ...chosen, chosen: optimisation.chosen }
  }
