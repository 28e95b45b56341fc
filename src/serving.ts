import type { ProbeReport } from './probe.ts'

/** What a version keeps of its probe: how it is run, what one run took, and the pre-optimised file. */
export type Serving = Omit<ProbeReport, 'signature' | 'ort'> & {
  readonly ort?: Omit<NonNullable<ProbeReport['ort']>, 'key'>
}

/** A report without what the version keeps elsewhere: the signature, and the place of the file before it was published. */
export const servingOf = ({ signature: _, ort, ...figures }: ProbeReport): Serving => {
  if (!ort) return figures
  const { key: __, ...file } = ort
  return { ...figures, ort: file }
}
