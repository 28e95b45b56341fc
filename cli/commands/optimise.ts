import { writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { optimiseVersion } from '../../client/registry.ts'
import { variantsPlot } from '../../src/optimise/variants-plot.ts'
import { clientOf, note, printResult } from '../context.ts'
import { liveText } from '../live-text.ts'
import { variantsText } from '../variants-text.ts'
import { versionOf } from '../version-of.ts'
import { waitForRegistration } from '../wait-for-registration.ts'

type OptimiseOptions = { readonly policy: string; readonly alias?: string; readonly plot?: string }

/** Makes and measures variants of a version's graph; the one that the policy asks for becomes a version. */
export const optimiseCommand = (): Command =>
  new Command('optimise')
    .description("measure smaller and faster variants of a version's graph, and keep one as a new version")
    .argument('<name>', 'a model, name@alias or name@3')
    .option('--policy <policy>', 'exact, smallest:0.1% or fastest:0.1%: how much worse it may answer', 'exact')
    .option('--alias <alias>', 'move this alias to a new version')
    .option('--plot <file>', 'write size, time and difference as an SVG')
    .action(async (reference: string, { policy, alias, plot }: OptimiseOptions, command: Command) => {
      const client = clientOf(command)
      const before = await versionOf(client, reference)
      const { id } = await optimiseVersion(client, before.name, before.version, { policy, ...(alias && { alias }) })
      const version = await waitForRegistration(client, id)
      const { optimisation } = version
      if (plot && optimisation)
        writeFileSync(plot, variantsPlot(`${before.name}/${before.version}`, optimisation.variants))
      const own = version.version === before.version ? 'as it was' : `a variant of version ${before.version}`
      printResult(command, version, () =>
        [...(optimisation ? [variantsText(optimisation)] : []), `${version.name}/${version.version} is ${own}`].join(
          '\n',
        ),
      )
      if (plot) note(`plot: ${plot}`)
      if (version.version !== before.version) note(await liveText(client, version))
    })
