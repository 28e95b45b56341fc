import { registeringPorts } from '../../adapters/wiring-registrations.ts'
import { type RegistrationStep, registrationFailure } from '../../src/registration.ts'
import type { Caught } from '../../src/run/failure.ts'
import type { RegisterEvent } from '../middleware/register-step.ts'

type Event = RegisterEvent & { readonly failure: Caught<RegistrationStep> }

const ports = registeringPorts()

/** Ends a registration by what a state threw, and empties the quarantine. */
export const handler = async ({ id, failure }: Event): Promise<Record<string, never>> => {
  await ports.changeRegistration(id, {
    state: 'failed',
    failure: registrationFailure(failure),
    endedAtMs: ports.nowMs(),
  })
  await ports.discardQuarantine(id)
  return {}
}
