import { GetCommand, TransactWriteCommand, type TransactWriteCommandInput, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { PercallError } from '../../src/errors.ts'
import type { Optimisation } from '../../src/optimise/variant.ts'
import { liveAlias } from '../../src/registry/alias.ts'
import type { Model } from '../../src/registry/model.ts'
import { unknownVersion, type Version, type VersionDraft, versionKey } from '../../src/registry/version.ts'
import { cancellation, schema, type Table, untilSettled } from '../aws/table.ts'
import { moveActions } from './aliases.ts'
import { listAliases, listAllVersions, modelPk, readAlias, readModel, readVersion, versionPk } from './registry.ts'

type Action = NonNullable<TransactWriteCommandInput['TransactItems']>[number]

export const digestKey = (digest: string) => ({ pk: `DIGEST#${digest}`, sk: '-' })

const digestsOf = ({
  digest,
  manifestDigest,
  cardDigest,
  cardMarkdownDigest,
  explainerDigest,
  explanations,
  serving,
}: VersionDraft): readonly string[] =>
  // A transaction takes an item once, and two of them may be the same bytes.
  [
    ...new Set([
      ...[digest, manifestDigest, cardDigest, cardMarkdownDigest, explainerDigest],
      ...[explanations?.digest, ...Object.values(explanations?.plots ?? {})],
      ...[serving?.ort?.digest, serving?.rewritten?.digest],
    ]),
  ].filter((one) => one !== undefined)

/** Whether a version is what this draft's run or registration has published. */
const isOf =
  ({ runId, registrationId }: VersionDraft) =>
  (version: Version): boolean =>
    (runId !== undefined && version.runId === runId) ||
    (registrationId !== undefined && version.registrationId === registrationId)

/** Counts the versions that need the bytes. Bytes whose removal has begun take no new version. */
const countDigest = (table: string, digest: string, change: 1 | -1): Action => ({
  Update: {
    TableName: table,
    Key: digestKey(digest),
    UpdateExpression: 'SET #schema = :schema ADD #count :change',
    ConditionExpression: 'attribute_not_exists(removing)',
    ExpressionAttributeNames: { '#count': 'count', '#schema': 'schema' },
    ExpressionAttributeValues: { ':change': change, ':schema': schema },
  },
})

const raiseModel = (table: string, before: Model | undefined, name: string, number: number, nowMs: number): Action => ({
  Update: {
    TableName: table,
    Key: { pk: modelPk, sk: name },
    UpdateExpression:
      'SET #name = :name, lastVersion = :number, revision = :revision, #schema = :schema, ' +
      'createdAtMs = if_not_exists(createdAtMs, :now) REMOVE deletedAtMs',
    ConditionExpression: before ? 'revision = :read' : 'attribute_not_exists(pk)',
    ExpressionAttributeNames: { '#name': 'name', '#schema': 'schema' },
    ExpressionAttributeValues: {
      ':name': name,
      ':number': number,
      ':revision': (before?.revision ?? 0) + 1,
      ':schema': schema,
      ':now': nowMs,
      ...(before && { ':read': before.revision }),
    },
  },
})

type Publication = {
  readonly draft: VersionDraft
  /** Moved to the new version; a model's first version becomes `live` besides. */
  readonly alias?: string
  readonly publishedBy: string
  readonly nowMs: number
}

/**
 * Gives a draft the next number of its model and stores it, with the alias moves, in one transaction.
 * Racing publishers get following numbers. A draft of a run or registration that was published answers that version.
 * The bytes must be in the artifacts bucket before. Throws CONFLICT when their removal has begun.
 */
export const publishVersion =
  (registry: Table) =>
  ({ draft, alias, publishedBy, nowMs }: Publication): Promise<Version> =>
    untilSettled(async () => {
      const { documents, table } = registry
      const model = await readModel(registry)(draft.model)
      // Any other publication raises the model's revision, so this read holds until the transaction.
      const mayBeThere = draft.runId !== undefined || draft.registrationId !== undefined
      const published = mayBeThere && (await listAllVersions(registry)(draft.model)).find(isOf(draft))
      if (published) return published
      const number = (model?.lastVersion ?? 0) + 1
      const version: Version = { ...draft, number, createdAtMs: nowMs }
      const aliases = new Set([...(number === 1 ? [liveAlias] : []), ...(alias === undefined ? [] : [alias])])
      const moves = [...aliases].map(async (name) => {
        const before = await readAlias(registry)(draft.model, name)
        return moveActions(
          table,
          { model: draft.model, alias: name, version: number, nowMs, movedBy: publishedBy },
          before,
        )
      })
      const digests = digestsOf(draft)
      const actions: Action[] = [
        ...digests.map((digest) => countDigest(table, digest, 1)),
        raiseModel(table, model, draft.model, number, nowMs),
        {
          Put: {
            TableName: table,
            Item: { pk: versionPk(draft.model), sk: versionKey(number), schema, ...version },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        ...(await Promise.all(moves)).flat(),
      ]
      try {
        await documents.send(new TransactWriteCommand({ TransactItems: actions }))
        return version
      } catch (thrown) {
        const reasons = cancellation(thrown)
        if (!reasons) throw thrown
        if (reasons.slice(0, digests.length).includes('ConditionalCheckFailed'))
          throw new PercallError('CONFLICT', `model ${draft.model}: the same bytes are being removed; publish again`)
        return 'again'
      }
    })

/** The version with its model. Throws UNKNOWN_VERSION, IN_USE while an alias points to it. */
export const requireUnaliased = (registry: Table) => async (model: string, number: number) => {
  const owner = await readModel(registry)(model)
  const version = await readVersion(registry)(model, number)
  if (!owner || !version || version.deletedAtMs !== undefined) throw unknownVersion(model, number)
  const alias = (await listAliases(registry)(model)).find((pointer) => pointer.version === number)
  if (alias) throw new PercallError('IN_USE', `version ${model}/${number}: alias ${alias.alias} points to it`)
  return { owner, version }
}

/**
 * Leaves a tombstone of a version, whatever work is open. Answers the digests that no version needs any more.
 * Throws UNKNOWN_VERSION, IN_USE while an alias points to it.
 */
export const withdrawVersion =
  (registry: Table) =>
  async (model: string, number: number, nowMs: number): Promise<readonly string[]> => {
    const { documents, table } = registry
    const withdrawn = await untilSettled(async () => {
      const { owner, version } = await requireUnaliased(registry)(model, number)
      const tombstone: Action = {
        Update: {
          TableName: table,
          Key: { pk: versionPk(model), sk: versionKey(number) },
          UpdateExpression: 'SET deletedAtMs = :now',
          ConditionExpression: 'attribute_not_exists(deletedAtMs)',
          ExpressionAttributeValues: { ':now': nowMs },
        },
      }
      const digests = digestsOf(version)
      const actions = [
        raiseModel(table, owner, model, owner.lastVersion, nowMs),
        tombstone,
        ...digests.map((digest) => countDigest(table, digest, -1)),
      ]
      try {
        await documents.send(new TransactWriteCommand({ TransactItems: actions }))
        return version
      } catch (thrown) {
        if (!cancellation(thrown)) throw thrown
        return 'again'
      }
    })
    const unused = await Promise.all(
      digestsOf(withdrawn).map(async (digest) => {
        const { Item } = await documents.send(
          new GetCommand({ TableName: table, Key: digestKey(digest), ConsistentRead: true }),
        )
        return Item?.count === 0 ? [digest] : []
      }),
    )
    return unused.flat()
  }

/** Keeps what was measured of a version's graph; its latest optimisation stays. */
export const keepOptimisation =
  ({ documents, table }: Table) =>
  async (model: string, number: number, optimisation: Optimisation): Promise<void> => {
    await documents.send(
      new UpdateCommand({
        TableName: table,
        Key: { pk: versionPk(model), sk: versionKey(number) },
        UpdateExpression: 'SET optimisation = :optimisation',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':optimisation': optimisation },
      }),
    )
  }
