import { existsSync, openAsBlob, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Command } from 'commander'
import type { TensorBody, VersionBody } from '../../client/bodies.ts'
import type { Client } from '../../client/client.ts'
import { pushVersion, registerVersion } from '../../client/registry.ts'
import { shellWord } from '../../src/shell-word.ts'
import { clientOf, note, printResult } from '../context.ts'
import { wrongUsage } from '../failure.ts'
import { liveText } from '../live-text.ts'
import { warnWithoutPrice } from '../price-warning.ts'
import { waitForRegistration } from '../wait-for-registration.ts'

// The service takes this much in one request; more goes to the store by itself.
const mostInlineBytes = 4 * 1024 * 1024
const bytesPerMb = 1024 * 1024

type PushOptions = { readonly alias?: string; readonly manifest?: string }

const tensorText = ({ name, datatype, shape }: TensorBody): string => `${name} ${datatype}[${shape.join(',')}]`

const readManifest = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    if (cause instanceof SyntaxError) throw wrongUsage(`${file}: expected JSON, ${cause.message}`)
    throw cause
  }
}

const publish = async (client: Client, name: string, file: string, options: PushOptions): Promise<VersionBody> => {
  const { size } = statSync(file)
  const { alias, manifest } = options
  const beside = join(dirname(file), 'manifest.json')
  if (manifest === undefined && existsSync(beside))
    note(`${beside} is not read: --manifest ${shellWord(beside)} keeps how rows become inputs, and outputs answers`)
  if (size <= mostInlineBytes && manifest === undefined)
    return await pushVersion(client, name, readFileSync(file), alias)
  const more = { ...(manifest !== undefined && { manifest: readManifest(manifest) }), ...(alias && { alias }) }
  note(`uploading ${(size / bytesPerMb).toFixed(1)} MB ...`)
  const { id } = await registerVersion(client, name, await openAsBlob(file), more)
  return await waitForRegistration(client, id)
}

const probeText = ({ probe }: VersionBody): readonly string[] => {
  if (!probe) return []
  const figures = `loads in ${probe.loadMs.toFixed(0)} ms, runs in ${probe.inferMs.toFixed(1)} ms, takes ${probe.peakMb} MB`
  return [`  probe    ${figures}${probe.why === undefined ? '' : `; in a process of its own: ${probe.why}`}`]
}

/** Registers an ONNX file as the next version of a model. */
export const pushCommand = (): Command =>
  new Command('push')
    .description('register an ONNX file as the next version of a model')
    .argument('<name>', 'the model; made where it is new')
    .argument('<file>', 'an .onnx file of at most 1 GB')
    .option('--alias <alias>', 'move this alias to the new version')
    .option('--manifest <file>', 'manifest.json: how rows or texts become inputs, and outputs answers')
    .action(async (name: string, file: string, options: PushOptions, command: Command) => {
      const client = clientOf(command)
      const version = await publish(client, name, file, options)
      printResult(command, version, () =>
        [
          `${version.name}/${version.version}  sha256:${version.digest}`,
          `  inputs   ${version.inputs.map(tensorText).join(', ')}`,
          `  outputs  ${version.outputs.map(tensorText).join(', ')}`,
          ...probeText(version),
        ].join('\n'),
      )
      note(await liveText(client, version))
      await warnWithoutPrice(client, name)
    })
