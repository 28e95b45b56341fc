/** A table as it is stored: what the operations need to know of it. */
export type Table = {
  readonly name: string
  readonly key: KeySchema
  readonly indexes: readonly Index[]
  /** The attribute with the second since 1970 from which an item may go. */
  readonly ttlAttribute: string | null
  /** The customer's KMS key, if the table has one. */
  readonly kmsKeyArn: string | null
  readonly billingMode: 'PROVISIONED' | 'PAY_PER_REQUEST'
  readonly isProtected: boolean
}

export type KeyAttribute = { readonly name: string; readonly type: 'S' | 'N' | 'B' }
export type KeySchema = { readonly partition: KeyAttribute; readonly sort: KeyAttribute | null }

export type Index = {
  readonly name: string
  readonly scope: 'global' | 'local'
  readonly key: KeySchema
  readonly projection: 'ALL' | 'KEYS_ONLY' | 'INCLUDE'
  /** What INCLUDE adds to the keys. */
  readonly included: readonly string[]
}

export const keyAttributes = ({ partition, sort }: KeySchema): readonly KeyAttribute[] =>
  sort ? [partition, sort] : [partition]

/** The names of all key attributes of an index and its table. */
export const keyNames = (table: Table, index: Index | undefined): readonly string[] => [
  ...new Set([...keyAttributes(table.key), ...(index ? keyAttributes(index.key) : [])].map(({ name }) => name)),
]
