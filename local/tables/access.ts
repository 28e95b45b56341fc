import { type Authorize, AwsError, account, type Caller, region, type UseKey } from '../service.ts'
import type { Table } from './table.ts'
import { invalid } from './validation-error.ts'

export const tableArn = (name: string): string => `arn:aws:dynamodb:${region}:${account}:table/${name}`

type Door = {
  readonly caller: Caller
  /** An IAM action, such as `dynamodb:GetItem`. */
  readonly action: string
  /** A table's name or ARN. */
  readonly tableName: string
  readonly indexName?: string | undefined
  /** Keys or items of the request, unchecked, for `dynamodb:LeadingKeys`. */
  readonly keys?: readonly Readonly<Record<string, unknown>>[] | undefined
  /** The transaction that the action is a part of. */
  readonly enclosingOperation?: string
}

/** The table, for a caller who may do this with it. Throws AwsError. */
export type OpenTable = (door: Door) => Table

/**
 * Authorises first, so that who may not see a table does not learn whether it is there; then finds the table, then
 * uses its KMS key for the caller as DynamoDB does.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
export const openTable =
  (parts: {
    readonly tables: ReadonlyMap<string, Table>
    readonly authorize: Authorize
    readonly useKey: UseKey
  }): OpenTable =>
  ({ caller, action, tableName, indexName, keys, enclosingOperation }) => {
    const name = plainName(tableName)
    const table = parts.tables.get(name)
    const resource = indexName === undefined ? tableArn(name) : `${tableArn(name)}/index/${indexName}`
    const leadingKeys = table && keys && leadingKeysOf(table, keys)
    parts.authorize(caller, action, resource, {
      ...(leadingKeys && { 'dynamodb:LeadingKeys': leadingKeys }),
      ...(enclosingOperation !== undefined && { 'dynamodb:EnclosingOperation': enclosingOperation }),
    })
    if (!table) throw tableNotFound()
    if (table.kmsKeyArn !== null) {
      parts.useKey(caller, 'kms:Decrypt', table.kmsKeyArn, `dynamodb.${region}.amazonaws.com`)
    }
    return table
  }

export const tableNotFound = (name?: string): AwsError =>
  new AwsError(
    'ResourceNotFoundException',
    `Requested resource not found${name === undefined ? '' : `: Table: ${name} not found`}`,
  )

/** The name of a table that a request names by name or ARN. Throws ValidationException for what cannot be a name. */
export const plainName = (tableName: string): string => {
  const prefix = tableArn('')
  if (tableName.startsWith('arn:') && !tableName.startsWith(prefix)) {
    throw invalid(`Invalid table/index name: expected an ARN that begins with ${prefix}, got ${tableName}`)
  }
  const name = tableName.startsWith(prefix) ? tableName.slice(prefix.length) : tableName
  if (!/^[a-zA-Z0-9_.-]{3,255}$/.test(name)) {
    throw invalid(
      'Invalid table/index name. Table/index names must be between 3 and 255 characters long, and may contain only ' +
        "the characters a-z, A-Z, 0-9, '_', '-', and '.'",
    )
  }
  return name
}

const leadingKeysOf = (table: Table, keys: readonly Readonly<Record<string, unknown>>[]): readonly string[] =>
  keys.flatMap((key) => {
    const value = key[table.key.partition.name]
    if (value === null || typeof value !== 'object') return []
    return Object.values(value).filter((content) => typeof content === 'string')
  })
