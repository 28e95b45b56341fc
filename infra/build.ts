import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..')

/** One handler: its name as a folder of bundles, and its source. */
export type HandlerSource = { readonly name: string; readonly source: string }

/** Folders of functions/ whose files are the states of a machine, or what retrains, bundled as `{folder}-{state}`. */
const stateFolders = ['train', 'register', 'batch', 'retrain']

const statesOf = (folder: string): readonly HandlerSource[] =>
  readdirSync(join(root, 'functions', folder))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ name: `${folder}-${file.slice(0, -3)}`, source: join(root, 'functions', folder, file) }))

/** Every handler of functions/: those of the top level that are deployed, and the states of the machines. */
export const handlerSources = (): readonly HandlerSource[] => [
  ...[
    'predict',
    'control',
    'probe',
    'execution-ended',
    'sweep-runs',
    'tick',
    'reconcile',
    'batches',
    'batch-ended',
    'calls',
    'call-failed',
    'train-job',
  ]
    .map((name) => ({ name, source: join(root, 'functions', `${name}.ts`) }))
    .filter(({ source }) => existsSync(source)),
  ...stateFolders.flatMap(statesOf),
]

/** Functions that run models in child processes: the child's program lies beside theirs, as child.js. */
const withChild = ['predict', 'probe', 'calls', 'batch-shard', 'train-optimise', 'register-optimise']
const childSource = join(root, 'adapters', 'child', 'child.ts')

/** Functions that explain: the code that only they need lies beside theirs, as explain.js. */
const withExplain = ['predict', 'calls']
const explainSource = join(root, 'adapters', 'explain', 'explain.ts')

/** Functions that may fit: the program of the threads that help them lies beside theirs, as member.js. */
const withMember = /^train-/
const memberSource = join(root, 'adapters', 'team', 'member.ts')

/**
 * Bundles all handlers with one esbuild call into `{folder}/{name}/index.js`, and gives the files that went into them,
 * by their paths from the root.
 * CommonJS: see docs/decisions/0002. `module` comes before `main`, else zod's and the SDK's CommonJS halves are bundled whole.
 */
export const bundle = async (folder: string): Promise<readonly string[]> => {
  rmSync(folder, { recursive: true, force: true })
  const sources = handlerSources()
  const { metafile } = await build({
    entryPoints: [
      ...sources.map(({ name, source }) => ({ in: source, out: join(name, 'index') })),
      ...withChild
        .filter((name) => sources.some((one) => one.name === name))
        .map((name) => ({ in: childSource, out: join(name, 'child') })),
      ...withExplain
        .filter((name) => sources.some((one) => one.name === name))
        .map((name) => ({ in: explainSource, out: join(name, 'explain') })),
      ...sources
        .filter(({ name }) => withMember.test(name))
        .map(({ name }) => ({ in: memberSource, out: join(name, 'member') })),
    ],
    absWorkingDir: root,
    outdir: resolve(folder),
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
  return Object.keys(metafile.inputs)
}

/** Bytes of each handler's bundle in `folder`, by its name. */
export const bundleSizes = (folder: string): Readonly<Record<string, number>> =>
  Object.fromEntries(handlerSources().map(({ name }) => [name, statSync(join(folder, name, 'index.js')).size]))

if (import.meta.main) {
  const folder = join(root, 'dist', 'functions')
  await bundle(folder)
  console.table(bundleSizes(folder))
}
