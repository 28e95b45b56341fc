import { Command } from 'commander'
import type { VersionBody } from '../../client/bodies.ts'
import { modelMetadata } from '../../client/models.ts'
import { listVersions } from '../../client/registry.ts'
import { clientOf, printResult } from '../context.ts'
import { everyPage } from '../every-page.ts'
import { table } from '../table.ts'
import { unlessOwnerOnly } from '../unless-owner-only.ts'

const originText = (lineage: VersionBody['lineage']): string => {
  if (lineage.origin === 'optimised') return `optimised ${lineage.version}`
  return lineage.origin === 'run' ? `run ${lineage.runId}` : 'push'
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
          const versions = (await modelMetadata(client, name)).versions.map((version) => ({ version: Number(version) }))
          printResult(command, { versions }, () =>
            table(
              ['version'],
              versions.map(({ version }) => [version]),
            ),
          )
        },
      )
    })
