import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import type { TensorBody } from '../../client/bodies.ts'
import { pushVersion } from '../../client/registry.ts'
import { clientOf, printResult } from '../context.ts'
import { Failure } from '../failure.ts'
import { warnWithoutPrice } from '../price-warning.ts'

// The service takes this much in one request; larger files need uploads of models, which it does not have yet.
const mostBytes = 4 * 1024 * 1024

const tensorText = ({ name, datatype, shape }: TensorBody): string => `${name} ${datatype}[${shape.join(',')}]`

/** Registers an ONNX file as the next version of a model. */
export const pushCommand = (): Command =>
  new Command('push')
    .description('register an ONNX file as the next version of a model')
    .argument('<name>', 'the model; made where it is new')
    .argument('<file>', 'an .onnx file of at most 4 MB')
    .option('--alias <alias>', 'move this alias to the new version')
    .action(async (name: string, file: string, { alias }: { alias?: string }, command: Command) => {
      const client = clientOf(command)
      const bytes = readFileSync(file)
      if (bytes.length > mostBytes) {
        const hint = 'quantise or prune the model; larger files are not available yet'
        throw new Failure('TOO_LARGE', `${file}: expected at most ${mostBytes} bytes, got ${bytes.length}`, hint)
      }
      const version = await pushVersion(client, name, bytes, alias)
      printResult(command, version, () =>
        [
          `${version.name}/${version.version}  sha256:${version.digest}`,
          `  inputs   ${version.inputs.map(tensorText).join(', ')}`,
          `  outputs  ${version.outputs.map(tensorText).join(', ')}`,
        ].join('\n'),
      )
      await warnWithoutPrice(client, name)
    })
