import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { credentialsPath, writeProfiles } from '../../cli/credentials.ts'
import { requireFreeFolder } from '../../cli/start/free-folder.ts'
import { requireFreePort } from '../../cli/start/free-port.ts'
import { lockFolder } from '../../local/lock.ts'
import { startService } from '../client/service.ts'

const json = { 'content-type': 'application/json' }

test('a data folder that a service has -> ALREADY_RUNNING with its URL; a free one -> nothing', () => {
  const data = mkdtempSync(join(tmpdir(), 'percall-folder-'))
  onTestFinished(() => rmSync(data, { recursive: true }))
  requireFreeFolder(data)
  const release = lockFolder(data)
  writeProfiles(credentialsPath(data), { local: { url: 'http://127.0.0.1:7', key: 'pc_live_x' } })
  const refused = { code: 'ALREADY_RUNNING', message: expect.stringMatching(/running .*, at http:\/\/127\.0\.0\.1:7$/) }
  expect(() => requireFreeFolder(data)).toThrow(expect.objectContaining(refused))
  release()
  requireFreeFolder(data)
})

test.for([
  ['a percall', { status: 200, headers: json, body: '{"live":true}' }, 'another percall'],
  ['another program', { status: 404 }, 'another program'],
  ['what speaks no HTTP', 'hang up', 'another program'],
] as const)('a port that %s has -> EADDRINUSE says so', async ([, reply, said]) => {
  const service = await startService([reply])
  onTestFinished(service.close)
  const refused = { code: 'EADDRINUSE', message: expect.stringContaining(said) }
  await expect(requireFreePort(Number(new URL(service.url).port))).rejects.toMatchObject(refused)
})
