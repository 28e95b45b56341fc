import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb'
import { auditRow } from '../../src/access/audit.ts'
import { PercallError } from '../../src/errors.ts'
import { type Alias, type AliasMove, unknownAlias } from '../../src/registry/alias.ts'
import { unknownVersion, versionKey } from '../../src/registry/version.ts'
import { auditPut } from '../access/audit.ts'
import { cancellation, queryAll, schema, stored, type Table, untilSettled } from '../aws/table.ts'
import { aliasPk, modelPk, moveKey, type Removable, readAlias, versionPk } from './registry.ts'

type Action = NonNullable<TransactWriteCommandInput['TransactItems']>[number]

type Move = {
  readonly model: string
  readonly alias: string
  /** Null removes the alias. */
  readonly version: number | null
  readonly nowMs: number
  readonly movedBy: string
}

/** The writes of a move: the pointer over the revision that was read, a line of its history, and its row of the audit. */
export const moveActions = (
  table: string,
  { model, alias, version, nowMs, movedBy }: Move,
  before: (Pick<Alias, 'revision' | 'version'> & Removable) | undefined,
): readonly Action[] => {
  const revision = (before?.revision ?? 0) + 1
  const pointer = { model, alias, version: version ?? before?.version, revision, movedAtMs: nowMs }
  const from = before && before.deletedAtMs === undefined ? { version: before.version } : null
  const action = version === null ? 'alias.remove' : 'alias.move'
  const to = version === null ? null : { version }
  const audit = auditRow(movedBy, action, `alias/${model}/${alias}`, from, to, nowMs)
  const history: AliasMove = { revision, version, previous: before?.version ?? null, movedAtMs: nowMs, movedBy }
  return [
    {
      Put: {
        TableName: table,
        Item: { pk: aliasPk(model), sk: alias, schema, ...pointer, ...(version === null && { deletedAtMs: nowMs }) },
        ConditionExpression: before ? 'revision = :read' : 'attribute_not_exists(pk)',
        ...(before && { ExpressionAttributeValues: { ':read': before.revision } }),
      },
    },
    { Put: { TableName: table, Item: { ...moveKey(model, alias, revision), schema, ...history } } },
    auditPut(table, audit),
  ]
}

// The model's revision grows with every move, so that a removal of a version can tell that no alias came meanwhile.
const touchModel = (table: string, model: string): Action => ({
  Update: {
    TableName: table,
    Key: { pk: modelPk, sk: model },
    UpdateExpression: 'ADD revision :one',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeValues: { ':one': 1 },
  },
})

const requireVersion = (table: string, model: string, version: number): Action => ({
  ConditionCheck: {
    TableName: table,
    Key: { pk: versionPk(model), sk: versionKey(version) },
    ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(deletedAtMs)',
  },
})

/**
 * Points an alias to a version, or removes it, as one transaction with its history.
 * `expected` is the revision of If-Match. Throws STALE, UNKNOWN_VERSION, UNKNOWN_ALIAS (removing what is not there).
 */
export const moveAlias =
  (registry: Table) =>
  (move: Move, expected?: number): Promise<Alias> =>
    untilSettled(async () => {
      const { model, alias, version, nowMs } = move
      const before = await readAlias(registry)(model, alias)
      const present = before && before.deletedAtMs === undefined
      if (expected !== undefined && expected !== (present ? before.revision : 0))
        throw new PercallError(
          'STALE',
          `alias ${model}@${alias}: expected revision ${expected}, got ${present ? before.revision : 'no alias'}`,
        )
      if (version === null && !present) throw unknownAlias(model, alias)
      const actions = [
        ...moveActions(registry.table, move, before),
        touchModel(registry.table, model),
        ...(version === null ? [] : [requireVersion(registry.table, model, version)]),
      ]
      try {
        await registry.documents.send(new TransactWriteCommand({ TransactItems: actions }))
      } catch (thrown) {
        const reasons = cancellation(thrown)
        if (!reasons) throw thrown
        if (version !== null && reasons.at(-1) === 'ConditionalCheckFailed') throw unknownVersion(model, version)
        return 'again'
      }
      const number = version ?? before?.version ?? 0
      return { model, alias, version: number, revision: (before?.revision ?? 0) + 1, movedAtMs: nowMs }
    })

/** Every move of one alias, newest first. */
export const aliasHistory =
  (registry: Table) =>
  async (model: string, alias: string): Promise<readonly AliasMove[]> => {
    const moves = await queryAll(registry)(`AH#${model}`)
    return moves
      .filter(({ sk }) => String(sk).startsWith(`${alias}#`))
      .map((item) => stored<AliasMove>(item))
      .reverse()
  }
