import { setTimeout } from 'node:timers/promises'
import { type Client, getRegistration } from '../../client/percall.ts'

/** Waits for the version of a registration. Throws where it failed: nothing would come any more. */
export const registered = async (owner: Client, id: string): Promise<void> => {
  for (;;) {
    const { state, error } = await getRegistration(owner, id)
    if (state === 'succeeded') return
    if (state === 'failed') throw new Error(`registration ${id}: ${JSON.stringify(error)}`)
    await setTimeout(100)
  }
}
