/**
 * Message attributes of SQS and their MD5.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
import { createHash } from 'node:crypto'
import { AwsError } from './service.ts'

export type MessageAttributes = Readonly<
  Record<string, { readonly DataType: string; readonly StringValue?: string; readonly BinaryValue?: string }>
>

/** SQS takes at most ten attributes. */
const mostAttributes = 10

/** Hexadecimal MD5 of the attributes sorted by name, undefined for none. Throws InvalidParameterValue. */
export function attributesMd5(attributes: MessageAttributes): string | undefined {
  const entries = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))
  if (entries.length === 0) return undefined
  if (entries.length > mostAttributes)
    throw invalid(`expected at most ${mostAttributes} attributes, got ${entries.length}`)
  const hash = createHash('md5')
  const add = (bytes: Buffer) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    hash.update(length).update(bytes)
  }
  for (const [name, { DataType, StringValue, BinaryValue }] of entries) {
    if (!/^(String|Number|Binary)(\.|$)/.test(DataType))
      throw invalid(`attribute ${name}: unknown DataType ${DataType}`)
    const binary = DataType.startsWith('Binary')
    const value = binary ? BinaryValue : StringValue
    if (value === undefined || value === '') throw invalid(`attribute ${name}: expected a value of type ${DataType}`)
    add(Buffer.from(name))
    add(Buffer.from(DataType))
    hash.update(Buffer.of(binary ? 2 : 1))
    add(binary ? Buffer.from(value, 'base64') : Buffer.from(value))
  }
  return hash.digest('hex')
}

const invalid = (message: string) => new AwsError('InvalidParameterValue', `message attributes: ${message}`)
