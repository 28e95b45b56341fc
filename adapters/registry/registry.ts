import { GetCommand } from '@aws-sdk/lib-dynamodb'
import type { AuditRow } from '../../src/access/audit.ts'
import { PercallError } from '../../src/errors.ts'
import type { Page, PageRequest } from '../../src/page.ts'
import type { Alias } from '../../src/registry/alias.ts'
import type { Model } from '../../src/registry/model.ts'
import { type Version, versionKey } from '../../src/registry/version.ts'
import { auditPut } from '../access/audit.ts'
import { queryAll, queryPage, schema, stored, type Table } from '../aws/table.ts'
import { transact } from '../aws/transact.ts'

/** A removed thing keeps its item, so that its number or name is never given to something else by mistake. */
export type Removable = { readonly deletedAtMs?: number }

export const modelPk = 'MODEL'
export const versionPk = (model: string): string => `V#${model}`
export const aliasPk = (model: string): string => `A#${model}`
export const moveKey = (model: string, alias: string, revision: number) => ({
  pk: `AH#${model}`,
  sk: `${alias}#${versionKey(revision)}`,
})

const get =
  ({ documents, table }: Table) =>
  async <Value>(pk: string, sk: string): Promise<(Value & Removable) | undefined> => {
    const { Item } = await documents.send(new GetCommand({ TableName: table, Key: { pk, sk }, ConsistentRead: true }))
    return Item && stored<Value & Removable>(Item)
  }

/** A model, also a removed one: its version numbers go on where they ended. */
export const readModel = (table: Table) => (name: string) => get(table)<Model>(modelPk, name)

export const findModel =
  (table: Table) =>
  async (name: string): Promise<Model | undefined> => {
    const model = await readModel(table)(name)
    return model?.deletedAtMs === undefined ? model : undefined
  }

/** An alias, also a removed one: its moves go on counting. */
export const readAlias = (table: Table) => (model: string, alias: string) => get(table)<Alias>(aliasPk(model), alias)

export const findAlias =
  (table: Table) =>
  async (model: string, alias: string): Promise<Alias | undefined> => {
    const found = await readAlias(table)(model, alias)
    return found?.deletedAtMs === undefined ? found : undefined
  }

/** A version, also a removed one. */
export const readVersion = (table: Table) => (model: string, number: number) =>
  get(table)<Version>(versionPk(model), versionKey(number))

export const findVersion =
  (table: Table) =>
  async (model: string, number: number): Promise<Version | undefined> => {
    const version = await readVersion(table)(model, number)
    return version?.deletedAtMs === undefined ? version : undefined
  }

const present = (item: Removable): boolean => item.deletedAtMs === undefined

export const listModels =
  (table: Table) =>
  async (request: PageRequest): Promise<Page<Model>> => {
    const page = await queryPage(table)(modelPk, request)
    return { ...page, items: page.items.map((item) => stored<Model & Removable>(item)).filter(present) }
  }

export const listAllModels = (table: Table) => async (): Promise<readonly Model[]> =>
  (await queryAll(table)(modelPk)).map((item) => stored<Model & Removable>(item)).filter(present)

/** Newest first. */
export const listVersions =
  (table: Table) =>
  async (model: string, request: PageRequest): Promise<Page<Version>> => {
    const page = await queryPage(table)(versionPk(model), request, true)
    return { ...page, items: page.items.map((item) => stored<Version & Removable>(item)).filter(present) }
  }

export const listAllVersions =
  (table: Table) =>
  async (model: string): Promise<readonly Version[]> =>
    (await queryAll(table)(versionPk(model))).map((item) => stored<Version & Removable>(item)).filter(present)

export const listAliases =
  (table: Table) =>
  async (model: string): Promise<readonly Alias[]> =>
    (await queryAll(table)(aliasPk(model))).map((item) => stored<Alias & Removable>(item)).filter(present)

const changedMeanwhile = (name: string, revision: number): PercallError =>
  new PercallError('STALE', `model ${name}: expected revision ${revision}, it has changed meanwhile`)

/**
 * Writes a model over the revision that was read, with its row of the audit; revision 0 is a new name.
 * Throws STALE when another write came first.
 */
export const putModel =
  (registry: Table) =>
  async (model: Model & Removable, readRevision: number, audit: AuditRow): Promise<void> => {
    const { table } = registry
    const Put = {
      TableName: table,
      Item: { pk: modelPk, sk: model.name, schema, ...model },
      ConditionExpression: readRevision === 0 ? 'attribute_not_exists(pk)' : 'revision = :read',
      ...(readRevision > 0 && { ExpressionAttributeValues: { ':read': readRevision } }),
    }
    if (!(await transact(registry, [{ Put }, auditPut(table, audit)]))) throw changedMeanwhile(model.name, readRevision)
  }
