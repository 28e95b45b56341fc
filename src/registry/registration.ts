import { PercallError } from '../errors.ts'
import { type Caught, type Failure, failureOf } from '../run/failure.ts'

/** The states of the registering machine, in their order. */
export type RegistrationStep = 'stage' | 'optimise' | 'probe' | 'publish'

export type RegistrationState = 'queued' | 'running' | 'succeeded' | 'failed'

/** An uploaded file, or a variant of a version's graph, on its way to a version. Its bytes lie under quarantine/{id}/ in the data bucket until it ends. */
export type Registration = {
  /** Also the name of its execution. */
  readonly id: string
  readonly model: string
  readonly upload?: string
  readonly uploadKey?: string
  /** S3 version of the upload: what is put there later does not matter. */
  readonly uploadVersion?: string
  /** In the place of an upload: which version's graph is optimised, its digest, and what is asked of the variant. */
  readonly optimise?: { readonly version: number; readonly digest: string; readonly policy: string }
  readonly sizeBytes: number
  readonly hasManifest: boolean
  readonly alias?: string
  /** Id of the key that asked for it. */
  readonly requestedBy: string
  /** Hash of all that decides the result: a request with the same one joins this registration unless it failed. */
  readonly same: string
  readonly state: RegistrationState
  readonly step?: RegistrationStep
  readonly version?: number
  readonly failure?: Failure<RegistrationStep>
  readonly createdAtMs: number
  readonly endedAtMs?: number
}

/** Files of a registration, before they are published. */
export type QuarantinedFile =
  | 'model.onnx'
  | 'model.ort'
  | 'rewritten.onnx'
  | 'manifest.json'
  | 'optimised.onnx'
  | 'variants.json'

export const quarantineKey = (id: string, file: QuarantinedFile): string => `quarantine/${id}/${file}`

// As src/run/run-id.ts makes them; an execution of a run has a dash and an attempt behind.
const idPattern = /^[0-9a-z]{20}$/

export const isRegistrationId = (text: string): boolean => idPattern.test(text)

export const unknownRegistration = (id: string): PercallError =>
  new PercallError('UNKNOWN_REGISTRATION', `registration ${id}: none is kept`)

// Lambda's names for a function that did not live to answer.
const deaths: Readonly<Record<string, string>> = {
  'Sandbox.Timedout': 'ran out of time',
  'Runtime.ExitError': 'died',
  'Runtime.OutOfMemory': 'ran out of memory',
}

/** What a probe that died says of the file: it, and not the service, is what no probe survives. Undefined for other errors. */
export const probeDeath = (error: string): PercallError | undefined =>
  Object.hasOwn(deaths, error)
    ? new PercallError(
        'UNSUPPORTED_ONNX',
        `model: expected a file that loads and runs within bounds, its probe ${deaths[error]}`,
      )
    : undefined

/** How a registration failed, by what its machine caught. */
export const registrationFailure = (caught: Caught<RegistrationStep>): Failure<RegistrationStep> => {
  const death = caught.step === 'probe' ? probeDeath(caught.error) : undefined
  return death ? { code: death.code, cause: death.message, step: caught.step } : failureOf(caught)
}
