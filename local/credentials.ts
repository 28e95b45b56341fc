/**
 * Access keys of the machine's owner and of every function, kept in one file that only the owner may read.
 * Does: the same keys after a restart, so that presigned URLs stay valid. Does not: expiry, session tokens.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Caller } from './service.ts'

export type Credentials = { readonly accessKeyId: string; readonly secretAccessKey: string }
export type CredentialStore = {
  /** The owner's. */
  readonly admin: Credentials
  readonly ofFunction: (functionArn: string) => Credentials
  readonly secretOf: (accessKeyId: string) => string | undefined
  readonly callerOf: (accessKeyId: string) => Caller | undefined
}

const accessKeyBytes = 8
const secretBytes = 30
const ownerOnly = 0o600

/** Opens or begins the file; `functions` are those of the template, by ARN, with their roles. */
export function openCredentials(
  path: string,
  functions: readonly { readonly arn: string; readonly name: string; readonly roleArn: string }[],
): CredentialStore {
  const kept: Readonly<Record<string, Credentials>> = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
  const callers = new Map<string, Caller>([
    ['admin', { kind: 'admin' }],
    ...functions.map(({ arn, name, roleArn }) => [arn, { kind: 'role', roleArn, session: name }] as const),
  ])
  const all = Object.fromEntries([...callers.keys()].map((owner) => [owner, kept[owner] ?? newCredentials()]))
  writeFileSync(`${path}.new`, JSON.stringify(all, null, 2), { mode: ownerOnly })
  renameSync(`${path}.new`, path)
  const owners = new Map(Object.entries(all).map(([owner, { accessKeyId }]) => [accessKeyId, owner]))
  const ownerOf = (accessKeyId: string) => owners.get(accessKeyId) ?? ''
  return {
    admin: all.admin!,
    ofFunction: (functionArn) => {
      const credentials = all[functionArn]
      if (!credentials) throw new Error(`no credentials for ${functionArn}: it is no function of the template`)
      return credentials
    },
    secretOf: (accessKeyId) => all[ownerOf(accessKeyId)]?.secretAccessKey,
    callerOf: (accessKeyId) => callers.get(ownerOf(accessKeyId)),
  }
}

const newCredentials = (): Credentials => ({
  accessKeyId: `AKIA${randomBytes(accessKeyBytes).toString('hex').toUpperCase()}`,
  secretAccessKey: randomBytes(secretBytes).toString('base64url'),
})
