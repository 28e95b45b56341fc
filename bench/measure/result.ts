import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { arch, availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import type { Figure } from './figure.ts'
import { figureLine } from './figure-text.ts'

const root = join(import.meta.dirname, '..', '..')
const resultFolder = join(root, 'bench', 'results')

/** What one bench found, and where. */
export type Result = {
  readonly bench: string
  readonly command: string
  readonly date: string
  readonly commit: string
  readonly machine: {
    readonly processor: string
    readonly cores: number
    readonly memoryGb: number
    readonly system: string
    /** Of the minute before the bench ended; a busy machine shows here. */
    readonly loadAverage: number
  }
  readonly versions: Readonly<Record<string, string>>
  readonly figures: readonly Figure[]
  /** What the figures rest on, and what was seen beside them; a sentence each. */
  readonly notes: readonly string[]
  /** What a figure's line has no room for. */
  readonly tables?: readonly PlainTable[]
}

export type PlainTable = { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] }

const bytesPerGb = 1024 ** 3

const versionOf = (name: string): string => {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as {
    version: string
  }
  return version
}

const commit = (): string => {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
  } catch {
    return 'unknown' // a copy without its history
  }
}

/** Writes `bench/results/{bench}.json` and prints a line for each figure. */
export const report = (
  bench: string,
  figures: readonly Figure[],
  notes: readonly string[] = [],
  tables: readonly PlainTable[] = [],
): void => {
  const result: Result = {
    bench,
    command: `npm run bench -- ${bench}`,
    date: new Date().toISOString(),
    commit: commit(),
    machine: {
      processor: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      memoryGb: Math.round(totalmem() / bytesPerGb),
      system: `${type()} ${release()} ${arch()}`,
      loadAverage: loadavg()[0] ?? 0,
    },
    versions: {
      node: process.versions.node,
      ...Object.fromEntries(
        ['onnxruntime-node', '@aws-sdk/client-dynamodb', '@aws-sdk/client-s3'].map((name) => [name, versionOf(name)]),
      ),
    },
    figures,
    notes,
    ...(tables.length > 0 && { tables }),
  }
  mkdirSync(resultFolder, { recursive: true })
  writeFileSync(join(resultFolder, `${bench}.json`), `${JSON.stringify(result, null, 2)}\n`)
  for (const figure of figures) console.log(figureLine(figure))
}

/** Every result that is there, by the name of its bench. */
export const readResults = (): ReadonlyMap<string, Result> => {
  const files = readdirSync(resultFolder).filter((file) => file.endsWith('.json'))
  // Written above, by this file only.
  const results = files.map((file) => JSON.parse(readFileSync(join(resultFolder, file), 'utf8')) as Result)
  return new Map(results.map((result) => [result.bench, result]))
}
