import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { bundle, bundleSizes, handlerSources } from './build.ts'

/** SHA-256 by path from the root: of everything that bundles were made of. */
type Hashes = Readonly<Record<string, string>>

export type Place = {
  readonly root: string
  /** Where bundles are kept: beside the packages, so that what installs others removes them. */
  readonly kept: string
}

const root = join(import.meta.dirname, '..')
const here: Place = { root, kept: join(root, 'node_modules', '.cache', 'bundles') }

/** What decides beside the sources: how they are bundled, and which packages are installed. */
const settings = ['infra/build.ts', 'tsconfig.json', 'package.json', 'package-lock.json']
// Of a branch and the one before it, of two checks at once.
const mostKept = 4

const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const hashOf = (path: string): string | undefined => (existsSync(path) ? sha256(readFileSync(path)) : undefined)

/** Kept bundles, the newest first. */
const entriesOf = ({ kept }: Place): readonly string[] =>
  existsSync(kept)
    ? readdirSync(kept)
        .filter((name) => /^[0-9a-f]{64}$/.test(name))
        .map((name) => join(kept, name))
        .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
    : []

/** The folder of bundles that were made of exactly what lies here now; undefined where there is none. */
export const findKept = (handlers: readonly string[], place: Place = here): string | undefined => {
  const known = new Map<string, string | undefined>()
  const now = (path: string): string | undefined => {
    if (!known.has(path)) known.set(path, hashOf(join(place.root, path)))
    return known.get(path)
  }
  const isOfNow = (entry: string): boolean => {
    // Written by `keep`, whole: a folder is renamed into its place.
    const made = JSON.parse(readFileSync(join(entry, 'made-of.json'), 'utf8')) as { handlers: string[]; hashes: Hashes }
    if (made.handlers.join() !== handlers.join()) return false
    return Object.entries(made.hashes).every(([path, hash]) => now(path) === hash)
  }
  const entry = entriesOf(place).find(isOfNow)
  return entry && join(entry, 'functions')
}

/** Keeps the bundles of `folder`, unless one of `inputs` was written after they were begun at `beganAtMs`. */
export const keep = (
  folder: string,
  made: { readonly handlers: readonly string[]; readonly inputs: readonly string[]; readonly beganAtMs: number },
  place: Place = here,
): void => {
  const paths = [...settings, ...made.inputs]
  if (paths.some((path) => statSync(join(place.root, path)).mtimeMs >= made.beganAtMs)) return
  const hashes: Hashes = Object.fromEntries(paths.map((path) => [path, hashOf(join(place.root, path)) ?? '']))
  const text = JSON.stringify({ handlers: made.handlers, hashes })
  const target = join(place.kept, sha256(text))
  const fresh = join(place.kept, `new-${process.pid}`)
  mkdirSync(fresh, { recursive: true })
  cpSync(folder, join(fresh, 'functions'), { recursive: true })
  writeFileSync(join(fresh, 'made-of.json'), text)
  // Another process may have been as fast, with the same bytes.
  if (existsSync(target)) rmSync(fresh, { recursive: true })
  else renameSync(fresh, target)
  for (const old of entriesOf(place).slice(mostKept)) rmSync(old, { recursive: true, force: true })
}

const keepWherePossible = (...given: Parameters<typeof keep>): void => {
  try {
    keep(...given)
  } catch {
    // Packages that this user may not write beside: the next time they are bundled again.
  }
}

/** As `bundle`; where nothing has changed since the last time, in 0.4 instead of 10 s of a processor. */
export const bundleOnce = async (folder: string): Promise<Readonly<Record<string, number>>> => {
  const handlers = handlerSources().map(({ name }) => name)
  const kept = findKept(handlers)
  if (kept !== undefined) {
    rmSync(folder, { recursive: true, force: true })
    cpSync(kept, folder, { recursive: true })
    return bundleSizes(folder)
  }
  const beganAtMs = Date.now()
  const inputs = await bundle(folder)
  keepWherePossible(folder, { handlers, inputs, beganAtMs })
  return bundleSizes(folder)
}
