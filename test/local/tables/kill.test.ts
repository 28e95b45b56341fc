import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createTables } from '../../../local/tables/tables.ts'
import { admin } from './setup.ts'

const writer = join(import.meta.dirname, 'fixtures', 'writer.ts')

/** Runs the writer until it has acknowledged `count` more, kills it with -9, answers the last acknowledged number. */
const killedAfter = (folder: string, first: number, count: number) =>
  new Promise<number>((resolve, reject) => {
    const child = spawn(process.execPath, [writer, folder, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text
      if (output.split('\n').length > count) child.kill('SIGKILL')
    })
    child.on('error', reject)
    // `close` comes when everything that was printed has been read.
    child.on('close', (_code, signal) => {
      const whole = output.slice(0, output.lastIndexOf('\n')).split('\n')
      if (signal === 'SIGKILL') resolve(Number(whole.at(-1)))
      else reject(new Error(`the writer ended by itself: ${signal}`))
    })
  })

test('kill -9 in the midst of writing, five times -> everything acknowledged is there, transactions whole', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'percall-kill-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  let first = 0
  let atLeast = 0
  for (const count of [1, 40, 90, 150, 200]) {
    const last = await killedAfter(folder, first, count)
    atLeast += last - first + 1
    first = last + 1
    const tables = createTables({ folder, now: () => 0, authorize: () => {}, useKey: () => {} })
    // The writer's tables: every answer has these members.
    const get = (pk: string) =>
      tables.run('GetItem', { TableName: 'kept', Key: { pk: { S: pk } } }, admin) as { Item?: { n?: { N: string } } }
    const missing = Array.from({ length: first }, (_, n) => n).filter((n) => !get(`item ${n}`).Item)
    const left = Number(get('left').Item?.n?.N)
    const indexed = tables.run(
      'Query',
      {
        TableName: 'kept',
        IndexName: 'byKind',
        Select: 'COUNT',
        KeyConditionExpression: 'kind = :k',
        ExpressionAttributeValues: { ':k': { S: 'item' } },
      },
      admin,
    ) as { Count: number }
    tables.close()
    expect(missing).toEqual([])
    expect(left).toBeGreaterThanOrEqual(atLeast)
    // At most the one write a run that was done and not yet printed.
    expect(indexed.Count - first).toBeOneOf([0, 1])
  }
  const tables = createTables({ folder, now: () => 0, authorize: () => {}, useKey: () => {} })
  const both = tables.run('Scan', { TableName: 'kept', FilterExpression: 'attribute_exists(n)' }, admin)
  tables.close()
  const [one, two] = (both as { Items: { n: unknown }[] }).Items
  expect(one?.n).toEqual(two?.n)
})
