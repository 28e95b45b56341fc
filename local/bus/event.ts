/** Events as rules see them. */
import { randomUUID } from 'node:crypto'
import { account, region } from '../service.ts'

export type BusEvent = Readonly<Record<string, unknown>>

type Facts = {
  readonly source: string
  readonly detailType: string
  readonly detail: unknown
  readonly resources: readonly string[]
  readonly timeMs: number
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html; time has whole seconds. */
export const envelope = ({ source, detailType, detail, resources, timeMs }: Facts): BusEvent => ({
  version: '0',
  id: randomUUID(),
  'detail-type': detailType,
  source,
  account,
  time: new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z'),
  region,
  resources,
  detail,
})
