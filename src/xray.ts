/** What a handler adds to the segment that Lambda itself writes of each traced invocation. */
export type Subsegment = {
  readonly name: string
  /** 16 hexadecimal digits. */
  readonly id: string
  readonly beganAtMs: number
  readonly endedAtMs: number
  /** A fault of the service; a refusal is an error of its caller. */
  readonly ended: 'ok' | 'error' | 'fault'
  /** Searchable: letters, digits and `_` in names. */
  readonly annotations: Readonly<Record<string, string | number | boolean>>
}

const msPerSecond = 1000

const memberOf = (header: string, name: string): string | undefined =>
  new RegExp(`(?:^|;)${name}=([^;]+)`).exec(header)?.[1]

/**
 * The document of a subsegment below the invocation that `header` (`_X_AMZN_TRACE_ID`) names; undefined where X-Ray does
 * not record it. https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
 */
export const subsegmentDocument = (header: string, subsegment: Subsegment): string | undefined => {
  const [root, parent, sampled] = ['Root', 'Parent', 'Sampled'].map((name) => memberOf(header, name))
  if (sampled !== '1' || root === undefined || parent === undefined) return undefined
  const { name, id, beganAtMs, endedAtMs, ended, annotations } = subsegment
  return JSON.stringify({
    name,
    id,
    trace_id: root,
    parent_id: parent,
    type: 'subsegment',
    start_time: beganAtMs / msPerSecond,
    end_time: endedAtMs / msPerSecond,
    ...(ended !== 'ok' && { [ended]: true }),
    annotations,
  })
}
