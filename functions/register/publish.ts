import type { StoredFile } from '../../adapters/frames.ts'
import { registeringPorts } from '../../adapters/wiring-registrations.ts'
import { parseManifest } from '../../src/manifest.ts'
import { requireManifestFits } from '../../src/manifest-fits.ts'
import { type ProbeReport, servedFile } from '../../src/probe.ts'
import type { Registration } from '../../src/registration.ts'
import { probedDraft } from '../../src/serving.ts'
import { type RegisterEvent, registerStep } from '../middleware/register-step.ts'

type Event = RegisterEvent & {
  readonly file: StoredFile
  readonly digest: string
  readonly sizeBytes: number
  readonly report: ProbeReport
}

const ports = registeringPorts()

const storeManifest = async ({ id, hasManifest }: Registration, { signature }: ProbeReport) => {
  if (!hasManifest) return {}
  const bytes = await ports.readQuarantined(id, 'manifest.json')
  requireManifestFits(parseManifest(JSON.parse(new TextDecoder().decode(bytes))), signature)
  return { manifestDigest: await ports.storeArtifact(bytes) }
}

/** Gives the probed file its version and empties the quarantine; a registration that was published answers the same. */
export const handler = registerStep('publish', ports, async (event: Event, registration) => {
  const { id, file, digest, sizeBytes, report } = event
  if (registration.version !== undefined) return { version: registration.version }
  const { model, alias, requestedBy } = registration
  const manifest = await storeManifest(registration, report)
  await ports.copyToArtifacts(file, digest)
  const served = servedFile(report)
  if (served) await ports.copyToArtifacts({ key: served.key }, served.digest)
  const draft = probedDraft({ model, digest, sizeBytes, ...manifest, registrationId: id }, report)
  const nowMs = ports.nowMs()
  const publication = { draft, ...(alias !== undefined && { alias }), publishedBy: requestedBy, nowMs }
  const { number: version } = await ports.publishVersion(publication)
  await ports.changeRegistration(id, { state: 'succeeded', version, endedAtMs: nowMs })
  await ports.discardQuarantine(id)
  return { version }
})
