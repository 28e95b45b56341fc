import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { startS3 } from './server.ts'

test('five writers killed by SIGKILL -> every acknowledged object whole, no half one shown, no file left over', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'objects-crash-'))
  const acknowledged: string[] = []
  for (let round = 0; round < 5; round++) {
    const writer = spawn(process.execPath, [join(import.meta.dirname, 'crash-writer.ts'), folder, String(round)])
    let output = ''
    writer.stdout.on('data', (bytes) => {
      output += bytes
      // Killed in the midst of a later write, at another moment each round.
      if (output.split('\n').length > 5 + round) writer.kill('SIGKILL')
    })
    await once(writer, 'close')
    acknowledged.push(...output.split('\n').slice(0, -1))
  }
  const local = await startS3(folder)
  const listed = await local.s3.send(new ListObjectsV2Command({ Bucket: 'plain' }))
  const keys = (listed.Contents ?? []).map(({ Key }) => Key!)
  expect(acknowledged.length).toBeGreaterThan(20)
  expect(keys).toEqual(expect.arrayContaining(acknowledged))
  for (const Key of keys) {
    const { Body } = await local.s3.send(new GetObjectCommand({ Bucket: 'plain', Key }))
    expect(Buffer.from(await Body!.transformToByteArray()).equals(Buffer.alloc(200_000, Key))).toBe(true)
  }
  expect(readdirSync(join(folder, 'blobs'))).toHaveLength(keys.length)
  await local.close()
})
