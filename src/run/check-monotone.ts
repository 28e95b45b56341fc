import type { Codec } from '../dataset/codec.ts'
import { PercallError } from '../errors.ts'
import { estimators } from '../estimators/list.ts'

const ordered = ['numeric', 'integer', 'boolean', 'ordinal']

/** What the columns tell of a monotone constraint before anything is fitted. Throws BAD_RUN. */
export const checkMonotone = (given: unknown, { columns }: Codec, classes: number): void => {
  const { monotone = {} } = estimators.gbdt.hyper(given) as { readonly monotone?: Readonly<Record<string, number>> }
  const refusal = (what: string) => new PercallError('BAD_RUN', `parameters.gbdt.monotone${what}`)
  for (const [name, sign] of Object.entries(monotone)) {
    const column = columns.find((candidate) => candidate.name === name)
    if (column === undefined)
      throw refusal(`: expected columns among ${columns.map((one) => one.name).join(', ')}, got ${name}`)
    if (!ordered.includes(column.kind))
      throw refusal(`, column ${name}: expected numbers, true and false, or an ordinal, got ${column.kind}`)
    if (sign !== 0 && classes > 2) throw refusal(`, column ${name}: expected none for ${classes} classes`)
  }
}
