import type { ProbeReport } from './probe.ts'
import { requireStorable } from './signature.ts'
import type { VersionDraft } from './version.ts'

/** What a version keeps of its probe: how it is run, what one run took, and the pre-optimised file. */
export type Serving = Omit<ProbeReport, 'signature' | 'ort' | 'rewritten'> & {
  readonly ort?: Omit<NonNullable<ProbeReport['ort']>, 'key'>
  readonly rewritten?: Omit<NonNullable<ProbeReport['rewritten']>, 'key'>
}

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
