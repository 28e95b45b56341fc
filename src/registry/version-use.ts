import { PercallError } from '../errors.ts'
import { unknownVersion, type Version } from './version.ts'

/** Open work that needs a version until it ends. */
export type VersionUse = {
  readonly kind: 'call' | 'batch' | 'registration'
  readonly id: string
  /** Whose it is; a registration is the owner's. */
  readonly consumerId?: string
  /** When it has ended at the latest, whatever dies. */
  readonly untilMs: number
}

type Named = Pick<Version, 'model' | 'number'>

export const versionInUse = ({ model, number }: Named, { kind, id, consumerId, untilMs }: VersionUse): PercallError => {
  const whose = consumerId === undefined ? '' : ` of consumer ${consumerId}`
  const until = new Date(untilMs).toISOString()
  return new PercallError(
    'IN_USE',
    `version ${model}/${number}: ${kind} ${id}${whose} uses it, until ${until} at the latest`,
  )
}

/** Of a version that is there: since when its removal looks for open work. */
export type Removing = { readonly removingAtMs?: number; readonly deletedAtMs?: number }

/** Longer than a request of the control plane lives: a removal that began before that has died. */
const removalLifeMs = 60_000

/**
 * Throws for a version that work was opened with while it was removed, UNKNOWN_VERSION, or may be, NOT_READY. A removal says that
 * it has begun before it looks for open work, and work looks for a removal behind its opening, so one of them sees the other.
 */
export const requireStays = ({ model, number }: Named, there: Removing | undefined, nowMs: number): void => {
  if (!there || there.deletedAtMs !== undefined) throw unknownVersion(model, number)
  if (there.removingAtMs !== undefined && nowMs - there.removingAtMs < removalLifeMs)
    throw new PercallError('NOT_READY', `version ${model}/${number}: expected it to stay, it is being removed`)
}
