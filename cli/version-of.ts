import type { VersionBody } from '../client/bodies.ts'
import type { Client } from '../client/client.ts'
import { getModel, getVersion } from '../client/registry.ts'
import { Failure } from './failure.ts'

const usualAlias = 'live'

/** The version that `name`, `name@alias` or `name@3` means now. */
export const versionOf = async (client: Client, reference: string): Promise<VersionBody> => {
  const [name = '', wanted = usualAlias] = reference.split('@', 2)
  if (/^\d+$/.test(wanted)) return await getVersion(client, name, Number(wanted))
  const { aliases } = await getModel(client, name)
  const version = aliases[wanted]
  if (version !== undefined) return await getVersion(client, name, version)
  const known = Object.keys(aliases).join(', ') || 'none'
  throw new Failure(
    'UNKNOWN_ALIAS',
    `model ${name}: expected one of its aliases (${known}), got ${wanted}`,
    'percall models lists the models',
  )
}
