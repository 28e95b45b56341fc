import type { ProbeReport, Serving } from './probe.ts'
import { requireStorable } from './signature.ts'
import type { VersionDraft } from './version.ts'

// The signature stands on the version itself, and the place of the file before it was published is gone after.
const servingOf = ({ signature: _, ort, rewritten, ...figures }: ProbeReport): Serving => ({
  ...figures,
  ...(ort && { ort: withoutKey(ort) }),
  ...(rewritten && { rewritten: withoutKey(rewritten) }),
})

const withoutKey = <File extends { readonly key: string }>({ key: _, ...file }: File): Omit<File, 'key'> => file

/** The draft of a probed file. Throws UNSUPPORTED_ONNX for a signature that no registry item holds. */
export const probedDraft = (facts: Omit<VersionDraft, 'signature' | 'serving'>, report: ProbeReport): VersionDraft => ({
  ...facts,
  signature: requireStorable(report.signature),
  serving: servingOf(report),
})
