import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import type { VersionBody } from '../../client/bodies.ts'
import { downloadPart, type VersionPart } from '../../client/registry.ts'
import { clientOf, printResult } from '../context.ts'
import { versionOf } from '../version-of.ts'

type PulledFile = { readonly part: VersionPart; readonly file: string }

const filesOf = ({ manifestDigest, cardDigest, cardMarkdownDigest }: VersionBody): readonly PulledFile[] => [
  { part: 'model', file: 'model.onnx' },
  ...(manifestDigest === undefined ? [] : [{ part: 'manifest', file: 'manifest.json' } as const]),
  ...(cardDigest === undefined ? [] : [{ part: 'card', file: 'card.json' } as const]),
  ...(cardMarkdownDigest === undefined ? [] : [{ part: 'card.md', file: 'card.md' } as const]),
]

/** Takes a version out: its file, and what lies beside it. */
export const pullCommand = (): Command =>
  new Command('pull')
    .description('take a version out: model.onnx, and manifest.json, card.json and card.md where it has them')
    .argument('<name>', 'a model, name@alias or name@3')
    .option('--out <folder>', 'where the files go', '.')
    .action(async (reference: string, { out }: { out: string }, command: Command) => {
      const client = clientOf(command)
      const version = await versionOf(client, reference)
      mkdirSync(out, { recursive: true })
      const files: string[] = []
      for (const { part, file } of filesOf(version)) {
        const path = join(out, file)
        writeFileSync(path, await downloadPart(client, version.name, version.version, part))
        files.push(path)
      }
      const { name, version: number, digest } = version
      printResult(command, { name, version: number, digest, files }, () =>
        [`${name}/${number}  sha256:${digest}`, ...files.map((file) => `  ${resolve(file)}`)].join('\n'),
      )
    })
