import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeOwnerKey } from '../../adapters/wiring/owner-key.ts'
import { synthesise } from '../../cli/start/synthesise.ts'
import { startServiceProcess } from '../stack/service-process.ts'

/** The whole product over an empty data folder, with an owner's key. */
export type Service = { readonly url: string; readonly key: string; readonly close: () => Promise<void> }

export const startService = async (): Promise<Service> => {
  const folder = mkdtempSync(join(tmpdir(), 'percall-conformance-'))
  const assembly = await synthesise(folder)
  // A process of its own: making the JSON of a million numbers holds this one up for seconds.
  const running = await startServiceProcess(assembly, join(folder, 'data'))
  const { RegistryTable = '', KeyArn = '' } = running.outputs.PercallService ?? {}
  const place = { registryTable: RegistryTable, keyArn: KeyArn }
  const { awsEndpoint, region, adminCredentials: credentials } = running
  const { secret } = await makeOwnerKey(place, 'conformance', { endpoint: awsEndpoint, region, credentials })
  const ended = once(running.child, 'exit')
  const close = async (): Promise<void> => {
    running.child.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  return { url: running.url, key: secret, close }
}
