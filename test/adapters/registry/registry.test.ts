import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { putArtifact, readArtifact, sha256 } from '../../../adapters/aws/artifacts.ts'
import type { Table } from '../../../adapters/aws/table.ts'
import { aliasHistory, moveAlias } from '../../../adapters/registry/aliases.ts'
import { artifactLink } from '../../../adapters/registry/artifact-links.ts'
import { resolveDeployment } from '../../../adapters/registry/deployments.ts'
import {
  findAlias,
  findModel,
  findVersion,
  listAliases,
  listAllVersions,
  listModels,
  listVersions,
  putModel,
} from '../../../adapters/registry/registry.ts'
import { removeArtifact, storeArtifact } from '../../../adapters/registry/removals.ts'
import { publishVersion, withdrawVersion } from '../../../adapters/registry/versions.ts'
import { auditOfModel } from '../../../src/access/audited.ts'
import { PercallError } from '../../../src/errors.ts'
import type { Model } from '../../../src/registry/model.ts'
import { parseReference, type VersionDraft } from '../../../src/registry/version.ts'
import { startS3 } from '../../local/objects/server.ts'
import { startPlaces } from '../places.ts'

let places: Awaited<ReturnType<typeof startPlaces>>
beforeAll(async () => {
  places = await startPlaces()
})
afterAll(() => places.close())

const nowMs = 1_700_000_000_000

const draftOf = (model: string, more: Partial<VersionDraft> = {}): VersionDraft => ({
  model,
  digest: sha256(Buffer.from(model)),
  sizeBytes: 1,
  signature: {
    inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 4] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 1] }],
  },
  ...more,
})

const publish = (model: string, alias?: string, more: Partial<VersionDraft> = {}) =>
  publishVersion(places.registry)({
    draft: draftOf(model, more),
    ...(alias !== undefined && { alias }),
    publishedBy: 'key1',
    nowMs,
  })

const move = (model: string, alias: string, version: number | null, expected?: number) =>
  moveAlias(places.registry)({ model, alias, version, nowMs, movedBy: 'key1' }, expected)

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (thrown: unknown) => (thrown instanceof PercallError ? thrown.code : thrown),
  )

test('the first version -> number 1, alias live, read back as it was written', async () => {
  const version = await publish('first')
  expect(version).toEqual({ ...draftOf('first'), number: 1, createdAtMs: nowMs })
  expect(await findVersion(places.registry)('first', 1)).toEqual(version)
  expect(await listAliases(places.registry)('first')).toMatchObject([{ alias: 'live', version: 1, revision: 1 }])
  expect(await findModel(places.registry)('first')).toMatchObject({ name: 'first', lastVersion: 1, revision: 1 })
})

test('a second version with alias canary -> live stays, canary is the second', async () => {
  await publish('second')
  await publish('second', 'canary')
  const aliases = await listAliases(places.registry)('second')
  expect(aliases.map(({ alias, version }) => [alias, version])).toEqual([
    ['canary', 2],
    ['live', 1],
  ])
})

test('ten racing publishers, half of them moving one alias -> the numbers 1 to 10, none lost', async () => {
  const versions = await Promise.all(
    Array.from({ length: 10 }, (_, i) => publish('race', i % 2 === 0 ? 'canary' : undefined)),
  )
  expect(versions.map(({ number }) => number).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(await listAllVersions(places.registry)('race')).toHaveLength(10)
  const moves = await aliasHistory(places.registry)('race', 'canary')
  expect(moves.map(({ revision }) => revision)).toEqual([5, 4, 3, 2, 1])
})

test('one run that publishes twice at once -> one version', async () => {
  await publish('trained')
  const twins = await Promise.all([1, 2].map(() => publish('trained', undefined, { runId: 'run1' })))
  expect(twins[0]).toEqual(twins[1])
  expect(await listAllVersions(places.registry)('trained')).toHaveLength(2)
})

test('an alias that moves, goes and comes back -> its whole history, newest first', async () => {
  await publish('moves')
  await publish('moves')
  await move('moves', 'live', 2)
  await move('moves', 'live', null)
  expect(await findAlias(places.registry)('moves', 'live')).toBeUndefined()
  await move('moves', 'live', 1)
  const history = await aliasHistory(places.registry)('moves', 'live')
  expect(history.map(({ revision, version }) => [revision, version])).toEqual([
    [4, 1],
    [3, null],
    [2, 2],
    [1, 1],
  ])
})

test('eight racing moves with one If-Match -> one wins, seven are STALE', async () => {
  await publish('guarded')
  await publish('guarded')
  const codes = await Promise.all(Array.from({ length: 8 }, () => codeOf(move('guarded', 'live', 2, 1))))
  expect(codes.sort()).toEqual([...Array.from({ length: 7 }, () => 'STALE'), 'no error'])
})

test.for([
  { given: 'a version that is not there', act: () => move('refused', 'live', 9), code: 'UNKNOWN_VERSION' },
  { given: 'the removal of an unknown alias', act: () => move('refused', 'gone', null), code: 'UNKNOWN_ALIAS' },
  { given: 'a stale If-Match', act: () => move('refused', 'live', 1, 7), code: 'STALE' },
  { given: 'an If-Match for an alias that is not there', act: () => move('refused', 'new', 1, 1), code: 'STALE' },
  {
    given: 'the removal of a version that live points to',
    act: () => withdrawVersion(places.registry)('refused', 1, nowMs),
    code: 'IN_USE',
  },
  {
    given: 'the removal of an unknown version',
    act: () => withdrawVersion(places.registry)('refused', 9, nowMs),
    code: 'UNKNOWN_VERSION',
  },
])('$given -> $code', async ({ act, code }) => {
  if (!(await findModel(places.registry)('refused'))) await publish('refused')
  expect(await codeOf(act())).toBe(code)
})

/** The registry of a process that is overtaken: `meanwhile` happens just before its first transaction. */
const overtaken = (meanwhile: () => Promise<unknown>): Table => {
  const { documents, table } = places.registry
  let first = true
  const send = async (command: Parameters<typeof documents.send>[0]) => {
    if (command instanceof TransactWriteCommand && first) {
      first = false
      await meanwhile()
    }
    return documents.send(command)
  }
  return { documents: Object.assign(Object.create(documents), { send }), table }
}

test('an alias that moves to a version just before its removal is written -> the removal is IN_USE', async () => {
  await publish('contest')
  await publish('contest')
  const registry = overtaken(() => move('contest', 'live', 2))
  expect(await codeOf(withdrawVersion(registry)('contest', 2, nowMs))).toBe('IN_USE')
  expect(await findVersion(places.registry)('contest', 2)).toBeDefined()
})

test('a version that is removed just before an alias moves to it -> the move is UNKNOWN_VERSION', async () => {
  await publish('contest-back')
  await publish('contest-back')
  const registry = overtaken(() => withdrawVersion(places.registry)('contest-back', 2, nowMs))
  const late = moveAlias(registry)({ model: 'contest-back', alias: 'live', version: 2, nowMs, movedBy: 'key1' })
  expect(await codeOf(late)).toBe('UNKNOWN_VERSION')
})

test('another publisher just before the transaction -> the following number', async () => {
  await publish('overtaken')
  const registry = overtaken(() => publish('overtaken'))
  const late = await publishVersion(registry)({ draft: draftOf('overtaken'), publishedBy: 'key1', nowMs })
  expect(late.number).toBe(3)
})

const isStored = (digest: string): Promise<boolean> =>
  readArtifact(places.artifacts)(digest).then(
    () => true,
    () => false,
  )

test('bytes that two versions need -> removed with the second, and can be published again', async () => {
  const bytes = Buffer.from('a model')
  const digest = await storeArtifact(places)(bytes)
  for (const model of ['one', 'two']) {
    await publish(model)
    await publish(model, undefined, { digest })
  }
  expect(await withdrawVersion(places.registry)('one', 2, nowMs)).toEqual([])
  const unused = await withdrawVersion(places.registry)('two', 2, nowMs)
  expect(unused).toEqual([digest])
  expect(await isStored(digest)).toBe(true)
  await removeArtifact(places)(digest)
  expect(await isStored(digest)).toBe(false)
  await storeArtifact(places)(bytes)
  await publish('one', undefined, { digest })
  await removeArtifact(places)(digest)
  expect(await isStored(digest)).toBe(true)
})

test('two removals of the same bytes at once, by a role that may list nothing -> both end, the bytes are gone', async () => {
  const s3 = await startS3(undefined, ['s3:ListBucket'])
  const role = { ...places, artifacts: { objects: s3.client('READER'), bucket: 'versioned' } }
  const digest = await storeArtifact(role)(Buffer.from('removed twice'))
  await publish('raced')
  await publish('raced', undefined, { digest })
  await withdrawVersion(places.registry)('raced', 2, nowMs)
  await removeArtifact(role)(digest)
  await removeArtifact(role)(digest)
  await expect(readArtifact({ ...role.artifacts, objects: s3.s3 })(digest)).rejects.toMatchObject({
    code: 'UNKNOWN_VERSION',
  })
  await s3.close()
})

test('the same bytes twice -> stored once, no error; the link gives them back', async () => {
  const bytes = Buffer.from('twice')
  const digest = await putArtifact(places.artifacts)(bytes)
  expect(await putArtifact(places.artifacts)(bytes)).toBe(digest)
  const link = await artifactLink(places.artifacts)(digest, 'cars-1.onnx')
  const response = await fetch(link)
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="cars-1.onnx"')
  expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes)
})

test('versions and models in pages of 2 -> every one once, in order', async () => {
  for (let i = 0; i < 5; i++) await publish('paged')
  const numbers: number[] = []
  let next: string | undefined
  do {
    const page = await listVersions(places.registry)('paged', { limit: 2, ...(next && { next }) })
    numbers.push(...page.items.map(({ number }) => number))
    next = page.next
  } while (next)
  expect(numbers).toEqual([5, 4, 3, 2, 1])
  const first = await listModels(places.registry)({ limit: 2 })
  expect(first.items).toHaveLength(2)
  expect(first.next).toBeDefined()
})

test('a model written over a revision that has passed -> STALE', async () => {
  const model = { name: 'described', createdAtMs: nowMs, lastVersion: 0, revision: 1 }
  const put = (after: Model, readRevision: number) => {
    const change = { actor: 'key1', action: 'model.change', before: undefined, after, atMs: nowMs }
    return putModel(places.registry)(after, readRevision, auditOfModel(change))
  }
  await put(model, 0)
  expect(await codeOf(put(model, 0))).toBe('STALE')
  await put({ ...model, title: 'Cars', revision: 2 }, 1)
  expect(await codeOf(put({ ...model, revision: 2 }, 1))).toBe('STALE')
  expect(await findModel(places.registry)('described')).toMatchObject({ title: 'Cars' })
})

test('a reference -> read once in 10 s; an alias move holds after that', async () => {
  let clockMs = 0
  const resolve = resolveDeployment({
    registry: places.registry,
    readArtifact: readArtifact(places.artifacts),
    nowMs: () => clockMs,
  })
  await publish('cached')
  await publish('cached')
  const live = async (): Promise<number> => (await resolve(parseReference('cached'))).version.number
  expect(await live()).toBe(1)
  await move('cached', 'live', 2)
  clockMs = 9_999
  expect(await live()).toBe(1)
  clockMs = 10_000
  expect(await live()).toBe(2)
})

test.for([
  ['nobody', 'UNKNOWN_MODEL'],
  ['', 'UNKNOWN_MODEL'],
  ['a/b', 'UNKNOWN_MODEL'],
  ['x'.repeat(5000), 'UNKNOWN_MODEL'],
  ['known@nothing', 'UNKNOWN_ALIAS'],
  ['known@', 'UNKNOWN_ALIAS'],
  ['known@7', 'UNKNOWN_VERSION'],
  ['known@0', 'UNKNOWN_VERSION'],
] as const)('reference %s -> %s', async ([target, code]) => {
  if (!(await findModel(places.registry)('known'))) await publish('known')
  const resolve = resolveDeployment({
    registry: places.registry,
    readArtifact: readArtifact(places.artifacts),
    nowMs: () => 0,
  })
  expect(await codeOf(resolve(parseReference(target)))).toBe(code)
})
