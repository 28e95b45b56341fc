import type { StoredFile } from '../../adapters/frames/frames.ts'
import { versionOptimising } from '../../adapters/wiring/optimise.ts'
import { PercallError } from '../../src/errors.ts'
import { servesAsItIs } from '../../src/optimise/variant.ts'
import { type RegisterEvent, registerStep } from '../middleware/register-step.ts'

type Event = RegisterEvent & { readonly file: StoredFile; readonly digest: string; readonly sizeBytes: number }

const ports = versionOptimising()

/** Measures the variants of a version's graph and chooses one, once; `changed` tells whether it is another graph. */
export const handler = registerStep('optimise', ports, async ({ id, file, digest, sizeBytes }: Event, registration) => {
  const { model, optimise } = registration
  const version = optimise && (await ports.findVersion(model, optimise.version))
  if (!version) throw new PercallError('CONFLICT', `registration ${id}: the version that it was to optimise is gone`)
  const { chosen, ...changed } = await ports.variantsOf(id, version, optimise.policy)
  await ports.changeRegistration(id, { step: 'probe' })
  const asItIs = servesAsItIs(chosen)
  return { ...(chosen === 'float' ? { file, digest, sizeBytes } : changed), changed: chosen !== 'float', asItIs }
})
