import type { RegisteringPorts } from '../../adapters/wiring-registrations.ts'
import { PercallError } from '../../src/errors.ts'
import type { Registration, RegistrationStep } from '../../src/registration.ts'
import { thrownByStep } from '../../src/run/failure.ts'

/** What the registering machine gives every state; digests and keys come besides. */
export type RegisterEvent = { readonly id: string }

type Log = (line: string) => void

/** Marks the step. A state whose answer was lost after it had ended the registration may enter once more. */
const enter = async (
  { changeRegistration, findRegistration }: Pick<RegisteringPorts, 'changeRegistration' | 'findRegistration'>,
  id: string,
  step: RegistrationStep,
): Promise<Registration> => {
  const found = await findRegistration(id)
  if (found?.state === 'succeeded') return found
  const open = await changeRegistration(id, { state: 'running', step })
  if (open) return open
  throw new PercallError('CONFLICT', `registration ${id}: expected it to be open, it is ${found?.state ?? 'gone'}`)
}

/** One state of a registration: marks the step, does its work, logs one JSON line. Errors leave with their code in the message. */
export const registerStep =
  <Event extends RegisterEvent, Answer>(
    name: RegistrationStep,
    ports: Pick<RegisteringPorts, 'changeRegistration' | 'findRegistration'>,
    work: (event: Event, registration: Registration) => Promise<Answer>,
    log: Log = console.log,
  ) =>
  async (event: Event): Promise<Answer> => {
    const beganAtMs = performance.now()
    const { id } = event
    const write = (level: 'INFO' | 'ERROR', more: object): void => {
      const durationMs = Math.round(performance.now() - beganAtMs)
      log(JSON.stringify({ level, step: name, registrationId: id, durationMs, ...more }))
    }
    try {
      const answer = await work(event, await enter(ports, id, name))
      write('INFO', { answer })
      return answer
    } catch (thrown) {
      write('ERROR', { error: thrown instanceof Error ? thrown.stack : String(thrown) })
      throw thrownByStep(thrown)
    }
  }
