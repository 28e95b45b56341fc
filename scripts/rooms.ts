/** `node scripts/rooms.ts` lists the imports between the rooms of docs/architecture.md, and refuses a forbidden one. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Import, importsOf } from './imports.ts'
import { sourceFiles } from './source-files.ts'

type Room = {
  /** Paths it may import, itself included. */
  readonly values: RegExp
  /** Paths of which it may import types as well. */
  readonly types?: RegExp
  readonly packages: RegExp
}

const noPackage = /^$/
// A handler of functions/ is a file that infra/ deploys; nothing imports one.
const partOfHandlers =
  /^functions\/(?!(?:predict|control|probe|execution-ended|sweep-runs|tick|reconcile|batches|batch-ended)\.ts$|(?:train|register|batch)\/)/

/** The table of docs/architecture.md. */
const rooms: Readonly<Record<string, Room>> = {
  src: { values: /^src\//, packages: /^(zod|@bufbuild\/protobuf)(\/|$)/ },
  adapters: {
    values: /^(adapters|src)\//,
    packages: /^(@aws-sdk\/|onnxruntime-node$|@duckdb\/node-api$|@huggingface\/tokenizers$|node:)/,
  },
  functions: {
    values: new RegExp(`^(src|adapters)/|${partOfHandlers.source}`),
    packages: /^(zod|@middy\/core|aws-lambda|@aws-lambda-powertools\/(logger|metrics)(\/types)?)$/,
  },
  infra: {
    values: /^(infra|layers)\//,
    types: /^src\//,
    packages: /^(aws-cdk-lib(\/|$)|constructs$|cdk-nag$|asl-validator$|esbuild$|node:)/,
  },
  layers: { values: /^layers\//, packages: /^node:/ },
  local: { values: /^local\//, packages: /^(?!aws-cdk-lib|constructs)/ },
  client: { values: /^(client|src\/tensor)\//, types: /^src\//, packages: noPackage },
  cli: { values: /^(cli|client|local|adapters|src)\//, packages: /^(commander$|node:)/ },
  console: { values: /^(console|client)\//, types: /^src\//, packages: noPackage },
}

const roomOf = (path: string): string => (path.includes('/') ? (path.split('/', 1)[0] ?? '') : 'root')

const isPath = (to: string, known: ReadonlySet<string>): boolean => /\.\w+$/.test(to) && known.has(roomOf(to))

/** What is wrong with an import, or undefined. `top` are the folders at the top level. */
export const faultOf = ({ from, to, line, kind }: Import, top: ReadonlySet<string>): string | undefined => {
  const room = rooms[roomOf(from)]
  if (!room) return undefined
  const allowed = isPath(to, top)
    ? room.values.test(to) || (kind === 'type' && room.types?.test(to) === true)
    : room.packages.test(to)
  return allowed ? undefined : `${from}:${line}: ${roomOf(from)}/ may not import ${kind} from ${to}`
}

const topLevel = (paths: readonly string[]): ReadonlySet<string> =>
  new Set([...paths.map(roomOf), ...Object.keys(rooms)])

const importsIn = (root: string, paths: readonly string[]): readonly Import[] =>
  paths.flatMap((path) => importsOf(path, readFileSync(join(root, path), 'utf8')))

/** Every forbidden import below `root`, one line each. */
export const roomFaults = (root: string): readonly string[] => {
  const paths = sourceFiles(root)
  const top = topLevel(paths)
  return importsIn(root, paths).flatMap((found) => faultOf(found, top) ?? [])
}

/** The arrows between rooms below `root` with how often each is drawn: `adapters -> src 45`. */
export const arrows = (root: string): readonly string[] => {
  const paths = sourceFiles(root)
  const top = topLevel(paths)
  const targetOf = (to: string): string => (isPath(to, top) ? `${roomOf(to)}/` : to.startsWith('node:') ? 'node:' : to)
  const ofRooms = importsIn(root, paths).filter(({ from }) => roomOf(from) in rooms)
  const drawn = ofRooms.map(({ from, to, kind }) => {
    const types = kind === 'type' ? ' (types)' : ''
    return `${roomOf(from)}/ -> ${targetOf(to)}${types}`
  })
  const between = drawn.filter((arrow) => !/^(\w+)\/ -> \1\//.test(arrow))
  const counts = Map.groupBy(between, (arrow) => arrow)
  return [...counts].map(([arrow, { length }]) => `${arrow} ${length}`).sort()
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..')
  const faults = roomFaults(root)
  console.log(arrows(root).join('\n'))
  for (const fault of faults) console.error(fault)
  process.exitCode = faults.length > 0 ? 1 : 0
}
