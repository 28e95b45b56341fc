import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..')

/** One handler: its name as a folder of bundles, and its source. */
export type HandlerSource = { readonly name: string; readonly source: string }

/** Folders of functions/ whose files are the states of a machine, bundled as `{folder}-{state}`. */
const stateFolders = ['train', 'register', 'batch']

const statesOf = (folder: string): readonly HandlerSource[] =>
  readdirSync(join(root, 'functions', folder))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ name: `${folder}-${file.slice(0, -3)}`, source: join(root, 'functions', folder, file) }))

/** Every handler of functions/: those of the top level that are deployed, and the states of the machines. */
export const handlerSources = (): readonly HandlerSource[] => [
  ...['predict', 'control', 'probe', 'execution-ended', 'sweep-runs', 'batches', 'batch-ended', 'calls', 'call-failed']
    .map((name) => ({ name, source: join(root, 'functions', `${name}.ts`) }))
    .filter(({ source }) => existsSync(source)),
  ...stateFolders.flatMap(statesOf),
]

/** Functions that run models in child processes: the child's program lies beside theirs, as child.js. */
const withChild = ['predict', 'probe', 'calls', 'batch-shard']
const childSource = join(root, 'adapters', 'child', 'child.ts')

/** Functions that may fit: the program of the threads that help them lies beside theirs, as member.js. */
const withMember = /^train-/
const memberSource = join(root, 'adapters', 'team', 'member.ts')

/**
 * Bundles all handlers with one esbuild call into `{folder}/{name}/index.js`, and gives their sizes in bytes.
 * CommonJS: see docs/decisions/0002. `module` comes before `main`, else zod's and the SDK's CommonJS halves are bundled whole.
 */
export const bundle = async (folder: string): Promise<Readonly<Record<string, number>>> => {
  rmSync(folder, { recursive: true, force: true })
  const sources = handlerSources()
  const { metafile } = await build({
    entryPoints: [
      ...sources.map(({ name, source }) => ({ in: source, out: join(name, 'index') })),
      ...withChild
        .filter((name) => sources.some((one) => one.name === name))
        .map((name) => ({ in: childSource, out: join(name, 'child') })),
      ...sources
        .filter(({ name }) => withMember.test(name))
        .map(({ name }) => ({ in: memberSource, out: join(name, 'member') })),
    ],
    outdir: folder,
    bundle: true,
    minify: true,
    metafile: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // The SDK imports node:http when it first connects, and as an ES module that reads every member of it: `http.WebSocket`
    // loads undici, 40 of the 1,300 ms that a first call's profile had. By require nothing is read.
    supported: { 'dynamic-import': false },
    mainFields: ['module', 'main'],
    // In layers: they are native. A forgotten one fails locally too, where only the layers' packages are visible.
    external: ['onnxruntime-node', '@duckdb/node-api'],
    loader: { '.html': 'text' },
    legalComments: 'none',
    logLevel: 'error',
  })
  for (const { name } of sources) {
    mkdirSync(join(folder, name), { recursive: true })
    // Without it Node would read the bundle as a module, because the repository above says so.
    writeFileSync(join(folder, name, 'package.json'), '{"type":"commonjs"}\n')
  }
  return Object.fromEntries(
    sources.map(({ name }) => {
      const output = Object.entries(metafile.outputs).find(([path]) => path.endsWith(`${name}/index.js`))
      if (!output) throw new Error(`bundle ${name}: expected an output of esbuild, got none`)
      return [name, output[1].bytes]
    }),
  )
}

if (import.meta.main) console.table(await bundle(join(root, 'dist', 'functions')))
