import type { RunState } from '../run/run.ts'
import type { Outcome } from './arrival.ts'

/** All that a decision depends on. */
export type Facts = {
  readonly enabled: boolean
  /** What became of the object that is the reason; absent for a schedule. */
  readonly outcome?: Outcome
  /** The version that a run would learn from; absent where the dataset has none. */
  readonly datasetVersion?: number
  /** Why the request does not fit that version's columns; absent where it does. */
  readonly misfit?: string
  /** The run that the same request on the same version has begun, where it is open or succeeded. */
  readonly same?: { readonly id: string; readonly state: RunState }
  /** Whether the request asks for a run although the same has succeeded. */
  readonly fresh: boolean
}

export type Skip =
  | 'disabled'
  | 'file refused'
  | 'superseded'
  | 'same content'
  | 'no dataset version'
  | 'does not fit'
  | 'run is open'
  | 'run has succeeded'

export type Verdict =
  | { readonly kind: 'start'; readonly datasetVersion: number }
  | { readonly kind: 'skip'; readonly skip: Skip; readonly why: string }

type Skipped = Extract<Verdict, { readonly kind: 'skip' }>

const skip = (word: Skip, why: string): Skipped => ({ kind: 'skip', skip: word, why })

const byOutcome = (outcome: Outcome): Verdict | undefined => {
  switch (outcome.kind) {
    case 'refused':
      return skip('file refused', outcome.why)
    case 'superseded':
      return skip('superseded', 'a later write of this object was brought before')
    case 'same':
      return skip('same content', `the object has the bytes of dataset version ${outcome.datasetVersion}`)
    case 'version':
      return undefined
  }
}

/** Why the run that a same request has begun stands against another. */
export const againstSame = ({ id, state }: NonNullable<Facts['same']>): Skipped =>
  state === 'succeeded'
    ? skip('run has succeeded', `run ${id} had the same request and dataset version`)
    : skip('run is open', `run ${id} has the same request and dataset version, and is ${state}`)

const bySame = ({ same, fresh }: Facts): Verdict | undefined =>
  same && !(fresh && same.state === 'succeeded') ? againstSame(same) : undefined

/** Whether a reason starts a run; the first fact against it is named. */
export const decide = (facts: Facts): Verdict => {
  const { enabled, outcome, datasetVersion, misfit } = facts
  const against = outcome && byOutcome(outcome)
  if (against) return against
  if (!enabled) return skip('disabled', 'the trigger is disabled')
  if (datasetVersion === undefined) return skip('no dataset version', 'the dataset has no version yet')
  if (misfit !== undefined) return skip('does not fit', misfit)
  return bySame(facts) ?? { kind: 'start', datasetVersion }
}
