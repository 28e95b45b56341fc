/** What is owed to a consumer that is deleted, before and after. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, getConsumer } from '../../client/percall.ts'
import { openDoors } from '../functions/doors.ts'
import { serveDoors } from '../functions/serve-doors.ts'
import { runHere } from './run-here.ts'

const folder = mkdtempSync(join(tmpdir(), 'percall-deleted-'))
let doors: Awaited<ReturnType<typeof openDoors>>
let served: Awaited<ReturnType<typeof serveDoors>>
beforeAll(async () => {
  doors = await openDoors()
  served = await serveDoors(doors)
})
afterAll(async () => {
  await served.close()
  await doors.close()
  rmSync(folder, { recursive: true, force: true })
})

const client = () => createClient({ url: served.url, key: doors.owner })
// The handlers run in this process, too: what they read of its environment when they are asked is kept.
const env = () => ({
  ...(process.env as Record<string, string>),
  HOME: folder,
  PERCALL_URL: served.url,
  PERCALL_KEY: doors.owner,
})
const owner = (...words: readonly string[]) => runHere(words, { cwd: folder, env: env() })

test.for([
  ['prepaid', 'owed', 'prepaid'],
  ['prepaid before, and postpaid now', 'changed', 'postpaid'],
] as const)(
  'a consumer that is deleted with credit left, %s -> said before; balance and credits are read after',
  async ([, id, plan]) => {
    const ok = async (...words: readonly string[]) => {
      const { code, stdout, stderr } = await owner(...words)
      expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
      return { stdout, stderr }
    }
    await ok('consumer', 'create', id, 'add', '--plan', 'prepaid')
    await ok('credit', 'give', id, '50', '--memo', 'bank transfer')
    await ok('consumer', 'plan', id, '--plan', plan)

    // It asks, without a terminal, and says what is left all the same.
    const asked = await owner('consumer', 'delete', id)
    expect(asked.code).toBe(2)
    expect(asked.stderr).toContain(
      `warning: ${id} has 50 of its credit left; nobody can spend it once ${id} is deleted`,
    )
    expect((await owner('consumer', 'delete', id, '--yes')).stderr).toContain(`${id} has 50 of its credit left`)

    const shown = (await ok('consumer', 'show', id)).stdout
    expect(shown).toMatch(new RegExp(`prepaid +50 +50 +0 +0\\n[^]*${id} was deleted at 2`))
    const body = await getConsumer(client(), id)
    expect(body).toMatchObject({ deletedAt: expect.any(String), balances: [{ kind: 'prepaid', available: '50' }] })
    expect((await ok('credit', 'list', id)).stdout).toMatch(/50 +bank transfer/)
    const refused = await owner('credit', 'give', id, '1')
    expect({ code: refused.code, stderr: refused.stderr }).toEqual({
      code: 4,
      stderr: expect.stringContaining(`consumer ${id}`),
    })
    expect((await owner('consumer', 'delete', id, '--yes')).code).toBe(4)
  },
)
