import { registeringPorts } from '../../adapters/wiring/registrations.ts'
import { PercallError } from '../../src/errors.ts'
import { type RegisterEvent, registerStep } from '../middleware/register-step.ts'

const ports = registeringPorts()

/** Takes the uploaded bytes, or those of a version, into quarantine, where they do not change any more, and tells their digest. */
export const handler = registerStep('stage', ports, async ({ id }: RegisterEvent, registration) => {
  const { upload, uploadKey: key = '', uploadVersion: versionId, optimise, sizeBytes: expected } = registration
  const file = optimise
    ? await ports.stageArtifact(id, optimise.digest)
    : await ports.stageUpload(id, { key, ...(versionId !== undefined && { versionId }) })
  const { digest, sizeBytes } = await ports.measureStored(file)
  if (sizeBytes !== expected)
    throw new PercallError('BAD_REQUEST', `upload ${upload}: expected ${expected} bytes, got ${sizeBytes}`)
  if (optimise) return { file, digest, sizeBytes, optimise: true }
  // The probe may not write the registry: its step is marked for it.
  await ports.changeRegistration(id, { step: 'probe' })
  return { file, digest, sizeBytes, optimise: false }
})
