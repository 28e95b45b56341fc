import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { Failure, wrongUsage } from './failure.ts'

/** Where a service answers and with which key. */
export type Profile = { readonly url: string; readonly key: string }
export type Profiles = Readonly<Record<string, Profile>>

/** The profile of the owner of the local service, used when nothing else is set. */
export const localProfile = 'local'
export const localConsumerProfile = 'local-consumer'

export const dataFolder = '.percall'
const fileName = 'credentials'
const ownerOnly = 0o600

export const credentialsPath = (folder: string): string => join(folder, fileName)

/** The profiles of a file; none where there is no file. Throws BAD_CREDENTIALS for other content. */
export const readProfiles = (path: string): Profiles => {
  if (!existsSync(path)) return {}
  try {
    // Written by writeProfiles, or by hand in the same form; a wrong member shows as a missing URL or key.
    return JSON.parse(readFileSync(path, 'utf8')) as Profiles
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    const hint = 'remove the file and run "percall start" again, or write {"profile": {"url": "...", "key": "..."}}'
    throw new Failure('BAD_CREDENTIALS', `${path}: expected JSON, ${cause.message}`, hint, { cause })
  }
}

/** Adds profiles to a file that only its owner may read; others in it stay. */
export const writeProfiles = (path: string, profiles: Profiles): void => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const all = { ...readProfiles(path), ...profiles }
  writeFileSync(`${path}.new`, `${JSON.stringify(all, null, 2)}\n`, { mode: ownerOnly })
  renameSync(`${path}.new`, path)
}

/** Path of the nearest `.percall/credentials` from `folder` upward. */
const findUpward = (folder: string): string | undefined => {
  const path = credentialsPath(join(folder, dataFolder))
  if (existsSync(path)) return path
  const parent = dirname(folder)
  return parent === folder ? undefined : findUpward(parent)
}

/** Throws USAGE for what is no address of a service. */
const requireUrl = (url: string): void => {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return
  throw wrongUsage(
    `url: expected http:// or https:// and a host, got ${url}`,
    'give the address with --url or PERCALL_URL, such as http://127.0.0.1:8080',
  )
}

export type Wanted = {
  readonly url?: string | undefined
  readonly key?: string | undefined
  readonly profile?: string | undefined
}

/**
 * URL and key of a command: options, else PERCALL_URL and PERCALL_KEY, else a profile of `.percall/credentials` found
 * upward from `folder`, else of `~/.percall/credentials`. Throws NO_CREDENTIALS.
 */
export const findProfile = (
  wanted: Wanted,
  environment: NodeJS.ProcessEnv,
  folder: string,
  home: string = homedir(),
): Profile => {
  // An empty variable is as good as none.
  const url = wanted.url || environment.PERCALL_URL
  const key = wanted.key || environment.PERCALL_KEY
  if (url) requireUrl(url)
  if (url && key) return { url, key }
  const name = wanted.profile ?? localProfile
  const paths = [findUpward(folder), credentialsPath(join(home, dataFolder))].filter((path) => path !== undefined)
  for (const path of paths) {
    const profiles = readProfiles(path)
    const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined
    if (!profile) continue
    // A stored key belongs to its own service: it must not travel to another URL.
    if (url && new URL(url).origin !== new URL(profile.url).origin) continue
    return { url: url || profile.url, key: key || profile.key }
  }
  const hint = 'start a service with "percall start", or give --url and --key (or PERCALL_URL and PERCALL_KEY)'
  if (wanted.profile !== undefined) throw wrongUsage(`profile ${name}: not found in ${paths.join(' or ')}`, hint)
  if (url)
    throw new Failure(
      'NO_CREDENTIALS',
      `no key was given for ${url}`,
      'give one with --key or PERCALL_KEY; a key of .percall/credentials is sent only to the URL stored with it',
    )
  throw new Failure('NO_CREDENTIALS', `no service is known: no profile ${name} was found`, hint)
}
