import { type Consumer, principalOf } from '../../src/access/consumer.ts'
import { isGenuineKey, type Key, type KeyMac } from '../../src/access/key.ts'
import type { Principal } from '../../src/access/principal.ts'
import { PercallError } from '../../src/errors.ts'

type Lookups = {
  readonly mac: () => Promise<KeyMac>
  readonly findKey: (secret: string) => Promise<Key | undefined>
  readonly readConsumer: (id: string) => Promise<Consumer | undefined>
  readonly nowMs: () => number
}

type Record = { readonly key: Key; readonly consumer: Consumer | undefined; readonly untilMs: number }

/** A revocation holds everywhere within 60 s: this is half of it. */
const cachedMs = 30_000
const mostCached = 10_000

/** Who a secret stands for. A made-up key is refused without I/O, a known one costs two reads in 30 s. Throws KEY_*. */
export const findPrincipal = ({ mac, findKey, readConsumer, nowMs }: Lookups) => {
  const cache = new Map<string, Record>()
  const read = async (secret: string): Promise<Record> => {
    const key = await findKey(secret)
    if (!key)
      throw new PercallError('KEY_UNKNOWN', 'key: expected one that this deployment keeps, it is not among them')
    const record = { key, consumer: await readConsumer(key.consumerId), untilMs: nowMs() + cachedMs }
    const oldest = cache.keys().next()
    if (cache.size >= mostCached && !oldest.done) cache.delete(oldest.value)
    cache.set(secret, record)
    return record
  }
  return async (secret: string): Promise<Principal> => {
    const cached = cache.get(secret)
    const isKnown = cached !== undefined && cached.untilMs > nowMs()
    // Only genuine keys are cached: a known one is not checked again (13 of 75 us of a warm call of one row).
    if (!isKnown && !isGenuineKey(await mac(), secret))
      throw new PercallError('KEY_UNKNOWN', 'key: expected pc_live_... made by this deployment, got another text')
    const { key, consumer } = isKnown ? cached : await read(secret)
    return principalOf(key, consumer, nowMs())
  }
}
