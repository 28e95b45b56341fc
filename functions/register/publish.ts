import type { StoredFile } from '../../adapters/frames/frames.ts'
import { registeringPorts } from '../../adapters/wiring/registrations.ts'
import { keepsWeights } from '../../src/optimise/variant.ts'
import { parseManifest } from '../../src/registry/manifest.ts'
import { requireManifestFits } from '../../src/registry/manifest-fits.ts'
import { type ProbeReport, servedFile } from '../../src/registry/probe.ts'
import type { Registration } from '../../src/registry/registration.ts'
import { probedDraft } from '../../src/registry/serving.ts'
import { type RegisterEvent, registerStep } from '../middleware/register-step.ts'

type Event = RegisterEvent & {
  readonly file: StoredFile
  readonly digest: string
  readonly sizeBytes: number
  /** Null where an optimisation keeps the version's graph. */
  readonly report: ProbeReport | null
}

const ports = registeringPorts()

/** What the new version has of its upload's manifest, or of the version that it is a variant of. */
const storeManifest = async ({ id, hasManifest, model, optimise }: Registration, { signature }: ProbeReport) => {
  if (optimise) {
    const { manifestDigest, explainerDigest, explanations, reweighted } =
      (await ports.findVersion(model, optimise.version)) ?? {}
    const optimisation = await ports.readVariants(id)
    const isReweighted = reweighted || !keepsWeights(optimisation.chosen)
    return {
      ...{ optimisedFrom: optimise.version, optimisation },
      ...(manifestDigest && { manifestDigest }),
      ...(explainerDigest && { explainerDigest }),
      ...(explanations && { explanations }),
      ...(isReweighted && { reweighted: true as const }),
    }
  }
  if (!hasManifest) return {}
  const bytes = await ports.readQuarantined(id, 'manifest.json')
  requireManifestFits(parseManifest(JSON.parse(new TextDecoder().decode(bytes))), signature)
  return { manifestDigest: await ports.storeArtifact(bytes) }
}

const end = async (id: string, version: number | undefined) => {
  await ports.changeRegistration(id, { state: 'succeeded', ...(version && { version }), endedAtMs: ports.nowMs() })
  await ports.discardQuarantine(id)
  return { version }
}

/** Gives the probed file its version and empties the quarantine; a registration that was published answers the same. */
export const handler = registerStep('publish', ports, async (event: Event, registration) => {
  const { id, file, digest, sizeBytes, report } = event
  if (registration.version !== undefined) {
    await ports.discardQuarantine(id)
    return { version: registration.version }
  }
  const { model, alias, requestedBy, optimise } = registration
  if (optimise) await ports.keepOptimisation(model, optimise.version, await ports.readVariants(id))
  if (report === null) return await end(id, optimise?.version)
  const manifest = await storeManifest(registration, report)
  await ports.copyToArtifacts(file, digest)
  const served = servedFile(report)
  if (served) await ports.copyToArtifacts({ key: served.key }, served.digest)
  const draft = probedDraft({ model, digest, sizeBytes, ...manifest, registrationId: id }, report)
  const nowMs = ports.nowMs()
  const publication = { draft, ...(alias !== undefined && { alias }), publishedBy: requestedBy, nowMs }
  const { number: version } = await ports.publishVersion(publication)
  return await end(id, version)
})
