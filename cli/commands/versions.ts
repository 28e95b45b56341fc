import { Command } from 'commander'
import { listVersions } from '../../client/registry.ts'
import { clientOf, printResult } from '../context.ts'
import { everyPage } from '../every-page.ts'
import { table } from '../table.ts'

/** Lists the versions of a model. */
export const versionsCommand = (): Command =>
  new Command('versions')
    .description('list the versions of a model')
    .argument('<name>')
    .action(async (name: string, _: object, command: Command) => {
      const client = clientOf(command)
      const versions = await everyPage('versions', (query) => listVersions(client, name, query))
      printResult(command, { versions }, () =>
        table(
          ['version', 'bytes', 'from', 'metrics', 'created'],
          versions.map(({ version, sizeBytes, lineage, metrics = {}, createdAt }) => [
            version,
            sizeBytes,
            lineage.origin === 'run' ? `run ${lineage.runId}` : 'push',
            Object.entries(metrics)
              .map(([metric, value]) => `${metric} ${value.toPrecision(4)}`)
              .join(', '),
            createdAt,
          ]),
        ),
      )
    })
