/** Who changed what, when, from what to what. It is put in the transaction of its change, and never altered. */
export type AuditRow = {
  /** Id of the key that asked; `run {id}` or `aws` where none did. */
  readonly actor: string
  /** `price.put`, `key.revoke`: the kind of the thing, and what was done. */
  readonly action: string
  /** The thing as a path: `price/cars`, `key/acme/{id}`, `alias/cars/live`. */
  readonly of: string
  /** What it was before; null where it was not there. */
  readonly from: unknown
  /** What it is after; null where it was removed. */
  readonly to: unknown
  readonly atMs: number
}

// A key that somebody pasted into a name is a secret too.
const secret = /pc_live_[0-9A-Za-z]+/g

const withoutSecrets = (value: unknown): unknown =>
  value === undefined ? null : JSON.parse(JSON.stringify(value).replaceAll(secret, 'pc_live_(hidden)'))

/** The row of one change. Keys that values have in them are hidden; other secrets must not be among the values. */
export const auditRow = (
  actor: string,
  action: string,
  of: string,
  from: unknown,
  to: unknown,
  atMs: number,
): AuditRow => ({ actor, action, of, from: withoutSecrets(from), to: withoutSecrets(to), atMs })

/** Which rows are asked for; `of` takes the thing itself and what lies below it. */
export type AuditQuery = {
  readonly of?: string
  readonly by?: string
  readonly fromMs: number
  readonly toMs: number
}
