import type { RegisteringPorts } from '../../adapters/wiring/registrations.ts'
import { PercallError } from '../../src/errors.ts'
import type { Registration, RegistrationStep } from '../../src/registry/registration.ts'
import { thrownByStep } from '../../src/run/failure.ts'
import { type Invocation, observed } from './observed.ts'

/** What the registering machine gives every state; digests and keys come besides. */
export type RegisterEvent = { readonly id: string }

type Ports = Pick<RegisteringPorts, 'changeRegistration' | 'findRegistration'>

/** Marks the step. A state whose answer was lost after it had ended the registration may enter once more. */
const enter = async (
  { changeRegistration, findRegistration }: Ports,
  id: string,
  step: RegistrationStep,
): Promise<Registration> => {
  const found = await findRegistration(id)
  if (found?.state === 'succeeded') return found
  const open = await changeRegistration(id, { state: 'running', step })
  if (open) return open
  throw new PercallError('CONFLICT', `registration ${id}: expected it to be open, it is ${found?.state ?? 'gone'}`)
}

/** One state of a registration: marks the step, does its work, and writes one line. Errors leave with their code in the message. */
export const registerStep = <Event extends RegisterEvent, Answer>(
  name: RegistrationStep,
  ports: Ports,
  work: (event: Event, registration: Registration) => Promise<Answer>,
) => {
  const run = observed<Event, Answer>(
    `register-${name}`,
    async (event) => await work(event, await enter(ports, event.id, name)),
    ({ id }) => ({ step: name, registrationId: id }),
  )
  return async (event: Event, context: Invocation): Promise<Answer> => {
    try {
      return await run(event, context)
    } catch (thrown) {
      throw thrownByStep(thrown)
    }
  }
}
