import { type AttributeValue, BatchWriteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { startTables } from './setup.ts'

export const developerGuide = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide'

export type Attributes = Record<string, AttributeValue>
const two = (number: number) => String(number).padStart(2, '0')
/** Ten sort keys in each of five partitions; every second has a holder, every fourth a score too. */
export const thing = (number: number): Attributes => ({
  pk: { S: `p${number % 5}` },
  sk: { S: `s${two(Math.floor(number / 5))}` },
  place: { N: String(-number) },
  note: { S: `note ${number}` },
  extra: { S: 'x' },
  ...(number % 2 === 0 && { holder: { S: 'h' } }),
  ...(number % 4 === 0 && { score: { N: String(number - 20) } }),
})

/** Tables with fifty things and ten counts. */
export const startThings = async () => {
  const started = await startTables()
  for (let from = 0; from < 50; from += 25) {
    const numbers = Array.from({ length: 25 }, (_, at) => from + at)
    await started.client.send(
      new BatchWriteItemCommand({
        RequestItems: { things: numbers.map((number) => ({ PutRequest: { Item: thing(number) } })) },
      }),
    )
  }
  for (const at of ['-1e100', '-20', '-2.5', '-2', '0', '1e-130', '3', '20', '100', '1e125']) {
    await started.client.send(new PutItemCommand({ TableName: 'counts', Item: { name: { S: 'c' }, at: { N: at } } }))
  }
  return started
}
