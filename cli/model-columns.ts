import type { VersionBody } from '../client/bodies.ts'
import { ApiError, type Client } from '../client/client.ts'
import { declaredInputs } from '../client/models.ts'
import { downloadPart } from '../client/registry.ts'
import type { TabularManifest } from '../src/registry/manifest.ts'
import type { ModelCard } from '../src/run/judge/card.ts'
import { note } from './context.ts'
import { nearestName } from './nearest-name.ts'
import { versionOf } from './version-of.ts'

/** What the version's manifest says of its answers and its columns; nothing where it was pushed without one. */
export type KnownManifest = Partial<Pick<TabularManifest, 'task' | 'target' | 'classes' | 'positive' | 'codec'>>

/** Columns that a version takes, and others that its training saw and did not learn from. */
export type ModelColumns = { readonly inputs: readonly string[]; readonly leftOut: readonly string[] }

const partOf = async (client: Client, { name, version }: VersionBody, part: 'manifest' | 'card'): Promise<unknown> =>
  JSON.parse(new TextDecoder().decode(await downloadPart(client, name, version, part)))

/** The service wrote it, or checked it when it was pushed. */
export const manifestOf = async (client: Client, version: VersionBody): Promise<KnownManifest> =>
  version.manifestDigest === undefined ? {} : ((await partOf(client, version, 'manifest')) as KnownManifest)

/** Columns of the training's table beside its inputs: identifiers, constants, leaks, what was dropped, and the target. */
const leftOutOf = async (
  client: Client,
  version: VersionBody,
  inputs: readonly string[],
): Promise<readonly string[]> => {
  if (version.cardDigest === undefined) return []
  const { data } = (await partOf(client, version, 'card')) as ModelCard
  return (data.profile?.columns ?? []).map(({ name }) => name).filter((name) => !inputs.includes(name))
}

/** What a version takes; what its training left out is read only where a file has other columns. */
export const columnsOfVersion = async (
  client: Client,
  version: VersionBody,
  { codec }: KnownManifest,
  columns: readonly string[],
): Promise<ModelColumns> => {
  const inputs = codec?.columns.map(({ name }) => name) ?? version.inputs.map(({ name }) => name)
  const hasOthers = columns.some((name) => !inputs.includes(name))
  return { inputs, leftOut: hasOthers ? await leftOutOf(client, version, inputs) : [] }
}

/** What a model takes; a consumer's key may not read what the training left out. */
export const columnsOfModel = async (
  client: Client,
  reference: string,
  columns: readonly string[],
): Promise<ModelColumns> => {
  try {
    const version = await versionOf(client, reference)
    return await columnsOfVersion(client, version, await manifestOf(client, version), columns)
  } catch (thrown) {
    if (!(thrown instanceof ApiError && thrown.code === 'OWNER_ONLY')) throw thrown
    return { inputs: (await declaredInputs(client, reference)).map(({ name }) => name), leftOut: [] }
  }
}

/** Columns of a file that a model does not take. */
export const strangersOf = ({ inputs, leftOut }: ModelColumns, columns: readonly string[]): readonly string[] =>
  columns.filter((name) => !inputs.includes(name) && !leftOut.includes(name))

const word = (names: readonly string[]): string => (names.length === 1 ? 'column' : 'columns')

/** Tells of columns that are taken as empty, ignored or left out: a misspelt one gives wrong answers without an error. */
export const noteColumns = (model: ModelColumns, columns: readonly string[]): void => {
  const missing = model.inputs.filter((name) => !columns.includes(name))
  const strangers = strangersOf(model, columns)
  const leftOut = model.leftOut.filter((name) => columns.includes(name))
  if (missing.length > 0) note(`warning: ${word(missing)} ${missing.join(', ')} missing, taken as empty`)
  if (strangers.length > 0) {
    const named = strangers.map((name) => {
      const close = nearestName(name, missing)
      return close === undefined ? name : `${name} (is it ${close}?)`
    })
    note(`warning: unknown ${word(strangers)} ${named.join(', ')} ignored`)
  }
  if (leftOut.length > 0) note(`${word(leftOut)} ${leftOut.join(', ')} left out, as in the training`)
}
