import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeOwnerKey } from '../../adapters/wiring-owner-key.ts'
import { synthesise } from '../../cli/start/synthesise.ts'
import { startLocal } from '../../local/main.ts'

/** The whole product over an empty data folder, with an owner's key. */
export type Service = { readonly url: string; readonly key: string; readonly close: () => Promise<void> }

export const startService = async (): Promise<Service> => {
  const folder = mkdtempSync(join(tmpdir(), 'percall-conformance-'))
  const assembly = await synthesise(folder)
  const running = await startLocal({ assembly, data: join(folder, 'data'), port: 0 })
  const { RegistryTable = '', KeyArn = '' } = running.outputs.PercallService ?? {}
  const place = { registryTable: RegistryTable, keyArn: KeyArn }
  const { awsEndpoint, region, adminCredentials: credentials } = running
  const { secret } = await makeOwnerKey(place, 'conformance', { endpoint: awsEndpoint, region, credentials })
  const close = async (): Promise<void> => {
    await running.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { url: running.url, key: secret, close }
}
