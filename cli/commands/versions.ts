import { Command } from 'commander'
import type { VersionBody } from '../../client/bodies.ts'
import { ApiError, type Client } from '../../client/client.ts'
import { callableVersions, modelMetadata } from '../../client/models.ts'
import { listVersions } from '../../client/registry.ts'
import { clientOf, printResult } from '../context.ts'
import { everyPage } from '../every-page.ts'
import { table } from '../table.ts'
import { unlessOwnerOnly } from '../unless-owner-only.ts'

const originText = (lineage: VersionBody['lineage']): string => {
  if (lineage.origin === 'optimised') return `optimised ${lineage.version}`
  return lineage.origin === 'run' ? `run ${lineage.runId}` : 'push'
}

/** Numbers of the versions that a consumer's key may call. Throws what says why it may call none. */
const numbersOf = async (client: Client, name: string): Promise<readonly number[]> => {
  try {
    return (await modelMetadata(client, name)).versions.map(Number)
  } catch (error) {
    // The name alone means its alias live, which a model may be without.
    if (error instanceof ApiError && error.code === 'UNKNOWN_ALIAS') return await callableVersions(client, name)
    throw error
  }
}

/** Lists the versions of a model; with a consumer's key their numbers. */
export const versionsCommand = (): Command =>
  new Command('versions')
    .description('list the versions of a model')
    .argument('<name>')
    .action(async (name: string, _: object, command: Command) => {
      const client = clientOf(command)
      await unlessOwnerOnly(
        async () => {
          const versions = await everyPage('versions', (query) => listVersions(client, name, query))
          printResult(command, { versions }, () =>
            table(
              ['version', 'bytes', 'from', 'metrics', 'created'],
              versions.map(({ version, sizeBytes, lineage, metrics = {}, createdAt }) => [
                version,
                sizeBytes,
                originText(lineage),
                Object.entries(metrics)
                  .map(([metric, value]) => `${metric} ${value.toPrecision(4)}`)
                  .join(', '),
                createdAt,
              ]),
            ),
          )
        },
        async () => {
          const versions = (await numbersOf(client, name)).map((version) => ({ version }))
          printResult(command, { versions }, () =>
            table(
              ['version'],
              versions.map(({ version }) => [version]),
            ),
          )
        },
      )
    })
