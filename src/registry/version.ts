import { PercallError } from '../errors.ts'
import type { Optimisation } from '../optimise/variant.ts'
import { liveAlias } from './alias.ts'
import type { Serving } from './probe.ts'
import type { Signature } from './signature.ts'

/** An immutable, numbered state of a model. Its bytes lie in the artifacts bucket under their sha256. */
export type Version = {
  readonly model: string
  readonly number: number
  /** sha256 of model.onnx, lower-case hex. */
  readonly digest: string
  /** sha256 of manifest.json; absent for a raw ONNX file pushed without one. */
  readonly manifestDigest?: string
  /** sha256 of card.json, the model card of the run that made it. */
  readonly cardDigest?: string
  /** sha256 of card.md, the same card for people. */
  readonly cardMarkdownDigest?: string
  /** sha256 of explainer.json (src/explain/explainer-file.ts); absent for a pushed file. */
  readonly explainerDigest?: string
  /** sha256 of explanations.json, and of its plots by their name. */
  readonly explanations?: { readonly digest: string; readonly plots: Readonly<Record<string, string>> }
  readonly sizeBytes: number
  readonly signature: Signature
  readonly createdAtMs: number
  /** The run that made it; absent for a pushed file. */
  readonly runId?: string
  /** The registration that made it, of a file that came by upload. */
  readonly registrationId?: string
  /** What its probe showed; absent for versions that were made without one: they run inline, from model.onnx. */
  readonly serving?: Serving
  readonly metrics?: Readonly<Record<string, number>>
  /** Its weights are not those of the model in explainer.json: it is a variant with others, and is explained by being asked. */
  readonly reweighted?: true
  /** The number of the version whose graph was optimised to this one. */
  readonly optimisedFrom?: number
  /** The variants of its graph, and which one it is. */
  readonly optimisation?: Optimisation
}

/** What is known of a version before it has a number. */
export type VersionDraft = Omit<Version, 'number' | 'createdAtMs'>

/** What a caller writes for a model: `name`, `name@alias` or `name@3`, or a name with a version segment. */
export type ModelReference = { readonly model: string } & (
  | { readonly kind: 'alias'; readonly alias: string }
  | { readonly kind: 'version'; readonly number: number }
)

/** Numbers are stored in 10 digits, so that they sort as text. */
const digitsOfNumber = 10

export const versionKey = (number: number): string => String(number).padStart(digitsOfNumber, '0')

export const unknownVersion = (model: string, version: number | string): PercallError =>
  new PercallError('UNKNOWN_VERSION', `Request for unknown model: '${model}' version ${version} is not found`)

const versionPattern = new RegExp(`^\\d{1,${digitsOfNumber}}$`)

/** A version's number from a path segment. Throws UNKNOWN_VERSION for anything but digits. */
export const parseVersion = (model: string, text: string): number => {
  if (!versionPattern.test(text)) throw unknownVersion(model, text)
  return Number(text)
}

/**
 * Reads `name`, `name@alias` or `name@3`, or a name and a version segment; digits only are a version.
 * Throws UNKNOWN_VERSION, or BAD_REQUEST when both forms name one.
 */
export const parseReference = (target: string, versionSegment?: string): ModelReference => {
  const at = target.indexOf('@')
  const model = at < 0 ? target : target.slice(0, at)
  const suffix = at < 0 ? undefined : target.slice(at + 1)
  if (suffix !== undefined && versionSegment !== undefined)
    throw new PercallError('BAD_REQUEST', `model ${target}: expected one version, got /versions/${versionSegment} too`)
  if (versionSegment !== undefined) return { kind: 'version', model, number: parseVersion(model, versionSegment) }
  if (suffix === undefined) return { kind: 'alias', model, alias: liveAlias }
  return /^\d+$/.test(suffix)
    ? { kind: 'version', model, number: parseVersion(model, suffix) }
    : { kind: 'alias', model, alias: suffix }
}
