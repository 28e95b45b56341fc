import type { VersionBody } from '../client/bodies.ts'
import type { Client } from '../client/client.ts'
import { getModel } from '../client/registry.ts'

/** Which version calls get from now on, and the command that moves them to a new one. */
export const liveText = async (
  client: Client,
  { name, version }: Pick<VersionBody, 'name' | 'version'>,
): Promise<string> => {
  const { live } = (await getModel(client, name)).aliases
  if (live === version) return `live is version ${version}: calls of ${name} get it`
  const now =
    live === undefined ? `${name} has no alias live` : `live is still version ${live}: calls of ${name} get that`
  return `${now}; move it: percall alias ${name} live ${version}`
}
