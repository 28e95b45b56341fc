import { setTimeout as sleep } from 'node:timers/promises'
import type { RegistrationBody, VersionBody } from '../client/bodies.ts'
import type { Client } from '../client/client.ts'
import { getRegistration, getVersion } from '../client/registry.ts'
import { note } from './context.ts'
import { Failure } from './failure.ts'
import { faultOf } from './fault-of.ts'

const pollMs = 250

const steps: Readonly<Record<string, string>> = {
  stage: 'taking the file over',
  optimise: 'making and measuring variants',
  probe: 'running it for the first time',
  publish: 'publishing',
}

const wordsOf = ({ state, step }: RegistrationBody): string => (step && steps[step]) ?? state

/** Shows a registration's steps until it has ended, and answers its version. Throws the code that it failed with. */
export const waitForRegistration = async (client: Client, id: string): Promise<VersionBody> => {
  let before = ''
  for (;;) {
    const registration = await getRegistration(client, id)
    const { state, model, version, error } = registration
    const words = wordsOf(registration)
    if (state === 'running' && words !== before) note(`${words} ...`)
    before = words
    if (error) throw new Failure(error.code, error.message, error.hint, { fault: faultOf(error.code) })
    if (state === 'succeeded' && version !== undefined) return await getVersion(client, model, version)
    await sleep(pollMs)
  }
}
