import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { makeOwnerKey } from '../../adapters/wiring/owner-key.ts'
import { synthesise } from '../../cli/start/synthesise.ts'
import { createConsumer, createKey, setPrice } from '../../client/billing.ts'
import { type Client, connect } from '../../client/client.ts'
import { getRegistration, registerVersion } from '../../client/registry.ts'
import type { EnvironmentFacts, RequestFacts, ServiceFacts } from './child.ts'

/** The whole local service in a process of its own, with a consumer who may call everything. */
export type Service = {
  readonly url: string
  readonly pid: number
  readonly consumerKey: string
  /** Stores a model of any size as its first version, live at once. */
  readonly publish: (model: string, file: Uint8Array) => Promise<void>
  /** Price of a row of a model, in the deployment's currency. */
  readonly priceRow: (model: string, amount: string) => Promise<void>
  readonly environments: () => Promise<EnvironmentFacts>
  /** Requests that the service's own parts were sent so far, by AWS operation. */
  readonly requests: () => Promise<RequestFacts>
  /** Where its tables are, and who may write them. */
  readonly facts: ServiceFacts
  readonly owner: Client
  readonly close: () => Promise<void>
}

const childFile = join(import.meta.dirname, 'child.ts')

const pollMs = 50

const publisher =
  (owner: Client): Service['publish'] =>
  async (model, file) => {
    const { id } = await registerVersion(owner, model, file)
    for (;;) {
      const { state, error } = await getRegistration(owner, id)
      if (error) throw new Error(`model ${model}: ${error.code}: ${error.message}`)
      if (state === 'succeeded') return
      await setTimeout(pollMs)
    }
  }

const consumer = 'bench'

/** Builds, synthesises and starts the service over an empty data folder, by this CDK context. */
export const startService = async (context: Readonly<Record<string, string>> = {}): Promise<Service> => {
  const folder = mkdtempSync(join(tmpdir(), 'percall-bench-'))
  const assembly = await synthesise(folder, { context })
  const child = fork(childFile, [assembly, join(folder, 'data')], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const [facts] = (await once(child, 'message')) as [ServiceFacts] // what child.ts says first
  const { url, awsEndpoint, adminCredentials, region, outputs } = facts
  const place = { registryTable: outputs.RegistryTable ?? '', keyArn: outputs.KeyArn ?? '' }
  const { secret } = await makeOwnerKey(place, 'bench', {
    endpoint: awsEndpoint,
    region,
    credentials: adminCredentials,
  })
  const owner = connect({ url, key: secret })
  await createConsumer(owner, { id: consumer, grants: ['*'] })
  const { secret: consumerKey } = await createKey(owner, consumer, { name: 'bench' })
  const ask = async <Answer>(what: 'environments' | 'requests'): Promise<Answer> => {
    child.send(what)
    const [answer] = (await once(child, 'message')) as [Answer] // child.ts answers nothing else
    return answer
  }
  return {
    url,
    pid: child.pid ?? 0,
    consumerKey,
    publish: publisher(owner),
    priceRow: async (model, amount) => void (await setPrice(owner, model, { unit: 'row', amount })),
    environments: () => ask<EnvironmentFacts>('environments'),
    requests: () => ask<RequestFacts>('requests'),
    facts,
    owner,
    close: async () => {
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
