import { registeringPorts } from '../../adapters/wiring/registrations.ts'
import { type RegistrationStep, registrationFailure } from '../../src/registry/registration.ts'
import type { Caught } from '../../src/run/failure.ts'
import { observed } from '../middleware/observed.ts'
import type { RegisterEvent } from '../middleware/register-step.ts'

type Event = RegisterEvent & { readonly failure: Caught<RegistrationStep> }

const ports = registeringPorts()

/** Ends a registration by what a state threw, and empties the quarantine. */
export const handler = observed(
  'register-fail',
  async ({ id, failure }: Event): Promise<Record<string, never>> => {
    const endedAtMs = ports.nowMs()
    // Emptied first: who reads that it ended finds nothing left of it, and a repetition has nothing to empty.
    await ports.discardQuarantine(id)
    await ports.changeRegistration(id, { state: 'failed', failure: registrationFailure(failure), endedAtMs })
    return {}
  },
  ({ id, failure }) => ({ registrationId: id, failedStep: failure.step }),
)
