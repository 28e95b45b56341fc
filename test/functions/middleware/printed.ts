import { expect, vi } from 'vitest'
import * as z from 'zod'

// Powertools reads it when a handler is made; vitest.config.ts has silenced those of other tests.
vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'INFO')

/** The lines that `act` writes, read as JSON. Powertools writes errors to standard error: Lambda logs both. */
export const linesOf = async (act: () => unknown): Promise<readonly Record<string, unknown>[]> => {
  const texts: string[] = []
  const keep = (text: unknown): boolean => texts.push(String(text)) > 0
  const spies = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockImplementation(keep))
  try {
    await act()
    return texts.flatMap((text) => text.trimEnd().split('\n')).map((text) => JSON.parse(text))
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}

// The JSON schema of the specification: limits of lengths and counts included.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
const name = z.string().min(1).max(1024)
const units = ['Seconds', 'Milliseconds', 'Count', 'None'] as const
const directive = z.strictObject({
  Namespace: name.regex(/^[^:]/),
  Dimensions: z.array(z.array(z.string().min(1).max(250)).max(30)).min(1),
  Metrics: z.array(z.strictObject({ Name: name, Unit: z.enum(units) })).max(100),
})
const metadata = z.strictObject({ Timestamp: z.number().int(), CloudWatchMetrics: z.array(directive).min(1) })

/** Metrics of a line by `name{dimension=value,...}`. Throws where the line is no document of the embedded metric format. */
export const metricsOf = (line: Record<string, unknown>): Record<string, number> => {
  const { CloudWatchMetrics } = metadata.parse(line._aws)
  const found: Record<string, number> = {}
  for (const { Namespace, Dimensions, Metrics } of CloudWatchMetrics) {
    expect(Namespace).toBe('Percall')
    for (const dimensions of Dimensions)
      for (const { Name } of Metrics) {
        const values = dimensions.map((dimension) => `${dimension}=${name.parse(line[dimension])}`)
        found[`${Name}{${values.join()}}`] = z.number().parse(line[Name])
      }
  }
  return found
}
