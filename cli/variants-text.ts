import type { OptimisationBody, QualityBody } from '../client/optimisation-body.ts'
import { table } from './table.ts'

const bytesPerKb = 1024

const signed = (value: number): string => `${value > 0 ? '+' : ''}${Number(value.toPrecision(2))}`

const qualityText = (quality: QualityBody): string => {
  if (quality.kind === 'outputs')
    return quality.largest === undefined
      ? 'differs'
      : `answers within ${Number((100 * quality.largest).toPrecision(2))} %`
  return quality.figures
    .map(({ metric, difference, low, high }) => `${metric} ${signed(difference)} (${signed(low)}..${signed(high)})`)
    .join(', ')
}

/** The variants of a graph as a table, why some may not serve, and which one does. */
export const variantsText = ({ policy, chosen, reason, variants }: OptimisationBody): string => {
  const rows = variants.flatMap((variant) => {
    if (variant.state === 'refused') return []
    const { name, figures, quality } = variant
    const { sizeBytes, gzipBytes, loadMs, oneRow, batch, peakMb } = figures
    return [
      [
        name === chosen ? `${name} *` : name,
        Math.ceil(sizeBytes / bytesPerKb),
        Math.ceil(gzipBytes / bytesPerKb),
        loadMs,
        oneRow.p50Ms,
        oneRow.p95Ms,
        batch.p50Ms,
        peakMb,
        name === 'float' ? '-' : qualityText(quality),
      ],
    ]
  })
  const titles = ['variant', 'KB', 'gzip KB', 'load ms', 'row ms', 'p95', 'batch ms', 'MB', 'against float']
  const notes = variants.flatMap((variant) => {
    if (variant.state === 'refused') return [`  ${variant.name}: refused: ${variant.reason}`]
    return variant.beyond === undefined ? [] : [`  ${variant.name}: ${variant.beyond}`]
  })
  return [table(titles, rows), ...notes, `policy ${policy}: ${chosen}; ${reason}`].join('\n')
}
