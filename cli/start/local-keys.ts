import { makeOwnerKey } from '../../adapters/wiring/owner-key.ts'
import { createConsumer, createKey, getMe } from '../../client/billing.ts'
import { ApiError, type Client, connect } from '../../client/client.ts'
import type { Running } from '../../local/main.ts'
import { credentialsPath, localConsumerProfile, localProfile, readProfiles, writeProfiles } from '../credentials.ts'
import { Failure } from '../failure.ts'
import { withoutWaiting } from '../without-waiting.ts'

/** The consumer whose key `percall start` makes. */
const localConsumer = 'local-consumer'

/** Owner's and consumer's keys of the local service. */
export type LocalKeys = { readonly ownerKey: string; readonly consumerKey: string }

const asConflict = (error: unknown): void => {
  if (!(error instanceof ApiError && error.code === 'CONFLICT')) throw error
}

/** Of other data, past its time, or revoked. */
const isStale = new Set(['KEY_UNKNOWN', 'KEY_EXPIRED', 'KEY_REVOKED'])
/** Of a key that is known: it is narrowed, or has a limit. */
const isKnown = new Set(['OUT_OF_SCOPE', 'NOT_FROM_HERE', 'TOO_MANY_REQUESTS'])

const works = async (client: Client, consumer: string): Promise<boolean> => {
  try {
    return (await getMe(client)).consumer === consumer
  } catch (error) {
    const code = error instanceof ApiError ? error.code : ''
    if (isStale.has(code)) return false
    if (isKnown.has(code)) return true
    // Any other refusal, such as a proxy's own 401 or 403, tells nothing of the key: it must not be written over.
    throw error
  }
}

const outputOf = ({ outputs }: Running, name: string): string => {
  for (const stack of Object.values(outputs)) if (stack[name] !== undefined) return stack[name]
  const hint = 'infra/service.ts declares the outputs'
  throw new Failure('MISSING_OUTPUT', `output ${name}: expected it of a stack, got none`, hint)
}

const newOwnerKey = async (running: Running): Promise<string> => {
  const place = { registryTable: outputOf(running, 'RegistryTable'), keyArn: outputOf(running, 'KeyArn') }
  const sdk = { endpoint: running.awsEndpoint, region: running.region, credentials: running.adminCredentials }
  return (await makeOwnerKey(place, 'percall start', sdk)).secret
}

const newConsumerKey = async (owner: Client): Promise<string> => {
  await createConsumer(owner, { id: localConsumer, grants: ['*'] }).catch(asConflict)
  return (await createKey(owner, localConsumer, { name: 'percall start' })).secret
}

/** The keys of last time where they still work, else new ones; both profiles are written to `{data}/credentials`. */
export const localKeys = async (running: Running, data: string): Promise<LocalKeys> => {
  const { url } = running
  const path = credentialsPath(data)
  const before = readProfiles(path)
  const clientOf = (key: string): Client => connect({ url, key, fetch: withoutWaiting })
  const keep = async (profile: string, consumer: string): Promise<string | undefined> => {
    const key = before[profile]?.key
    return key && (await works(clientOf(key), consumer)) ? key : undefined
  }
  const ownerKey = (await keep(localProfile, 'owner')) ?? (await newOwnerKey(running))
  const consumerKey = (await keep(localConsumerProfile, localConsumer)) ?? (await newConsumerKey(clientOf(ownerKey)))
  writeProfiles(path, { [localProfile]: { url, key: ownerKey }, [localConsumerProfile]: { url, key: consumerKey } })
  return { ownerKey, consumerKey }
}
