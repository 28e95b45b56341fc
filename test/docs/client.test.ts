/** Runs the examples of docs/client.md as one program of its own against the running product. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createClient, pushVersion, registerVersion, setPrice } from '../../client/percall.ts'
import { textManifest, textModel } from '../fixtures/text-model.ts'
import { consumerKey } from '../journey/ledger.ts'
import { addModel } from '../journey/models.ts'
import { registered } from '../journey/registered.ts'
import { publishTrained } from '../journey/trained.ts'
import { type Stack, startStack } from '../stack/stack.ts'

const root = join(import.meta.dirname, '..', '..')
const blocks = [...readFileSync(join(root, 'docs', 'client.md'), 'utf8').matchAll(/^```ts\n(.*?)^```/gms)].map(
  ([, code = '']) => code,
)
const wanted = [...blocks.join('').matchAll(/console\.log\(.*\) \/\/ (.*)$/gm)].map(([, text]) => text)
const published = pathToFileURL(join(root, 'client', 'percall.ts')).href

const run = (file: string, env: NodeJS.ProcessEnv) =>
  new Promise<{ stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [file], { env: { ...process.env, ...env } }, (_, stdout, stderr) =>
      resolve({ stdout, stderr }),
    )
  })

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
  const owner = createClient({ url: stack.running.url, key: stack.ownerKey })
  const { id } = await registerVersion(owner, 'texts', textModel(), { manifest: textManifest })
  await pushVersion(owner, 'add', addModel(1))
  await publishTrained(stack, 'prices')
  await setPrice(owner, 'prices', { unit: 'row', amount: '0.0005' })
  await registered(owner, id)
})
afterAll(() => stack.close())

// Its examples are processes, one after the other.
test('every example of docs/client.md -> prints what stands behind it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'percall-examples-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'examples.ts')
  writeFileSync(file, blocks.join('\n').replaceAll("'percall/client'", JSON.stringify(published)))
  const key = await consumerKey(stack, 'acme', ['*'])
  const { stdout, stderr } = await run(file, { PERCALL_URL: stack.running.url, PERCALL_KEY: key })
  expect(stdout.trimEnd().split('\n'), stderr).toEqual(wanted)
  expect(wanted.length).toBeGreaterThan(8)
})
