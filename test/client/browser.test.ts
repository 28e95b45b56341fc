/** The client as a page gets it: bundled for browsers, and run in Chromium where this machine has one. */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createClient, pushVersion } from '../../client/percall.ts'
import { listen } from '../../local/listen.ts'
import { consumerKey } from '../journey/ledger.ts'
import { addModel } from '../journey/models.ts'
import { type Stack, startStack } from '../stack/stack.ts'

const entry = join(import.meta.dirname, '..', '..', 'client', 'percall.ts')

const bundle = async (contents: string): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2023',
  })
  return outputFiles[0]?.text ?? ''
}

// 31.2 KB at the time of writing, 11.3 KB of it as gzip; a page that calls models loads this once.
const mostBytes = 36 * 1024

test('the whole client bundled for browsers -> nothing of Node, no other package, small', async () => {
  const text = await bundle(`export * from ${JSON.stringify(entry)}`)
  expect(text).not.toMatch(/node:|\brequire\(|\bprocess\.|\bBuffer\b/)
  expect(text.length).toBeLessThan(mostBytes)
})

test('one function alone -> the rest is left out of the bundle', async () => {
  const whole = await bundle(`export * from ${JSON.stringify(entry)}`)
  const part = await bundle(`import { connect, getMe } from ${JSON.stringify(entry)}
    export const me = () => getMe(connect({ url: 'http://x' }))`)
  expect(part.length).toBeLessThan(whole.length / 2)
})

const chromium = ['chromium', 'chromium-browser', 'google-chrome'].map((name) => `/usr/bin/${name}`).find(existsSync)

/** Runs a module in a page of its own origin; `report` in it ends the page with a value. */
const runInPage = async (module: string): Promise<unknown> => {
  const { promise, resolve } = Promise.withResolvers<unknown>()
  const page = `<!doctype html><script type="module">
    const report = (value) => fetch('/report', { method: 'POST', body: JSON.stringify(value) })
    globalThis.report = report
    addEventListener('unhandledrejection', ({ reason }) => report({ failed: String(reason) }))
    addEventListener('error', ({ message }) => report({ failed: message }))
    await import('/module.js')</script>`
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const script = request.url === '/module.js'
    response.setHeader('content-type', script ? 'text/javascript' : 'text/html').end(script ? module : page)
    if (request.url === '/report') resolve(JSON.parse(Buffer.concat(chunks).toString()))
  })
  const port = await listen(server, 0)
  const profile = mkdtempSync(join(tmpdir(), 'percall-chromium-'))
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', `--user-data-dir=${profile}`]
  const browser = spawn(chromium ?? '', [...flags, '--remote-debugging-port=0', `http://127.0.0.1:${port}/`])
  const ended = new Promise((exited) => browser.once('exit', exited))
  onTestFinished(async () => {
    browser.kill('SIGKILL')
    await ended
    server.closeAllConnections()
    server.close()
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  })
  return await promise
}

describe.skipIf(chromium === undefined)('in Chromium (skipped where none is installed)', () => {
  let stack: Stack
  beforeAll(async () => {
    stack = await startStack()
    await pushVersion(createClient({ url: stack.running.url, key: stack.ownerKey }), 'add', addModel(1))
  })
  afterAll(() => stack?.close())

  test('a page of another origin -> tensors both ways, an upload, a call later, an error', async () => {
    const key = await consumerKey(stack, 'page', ['*'])
    const settings = JSON.stringify({ url: stack.running.url, key })
    const module = await bundle(`import { createClient } from ${JSON.stringify(entry)}
      const percall = createClient(${settings})
      const x = (n) => ({ x: { data: new Float32Array(n).fill(2), shape: [n, 1] } })
      const { outputs, version, units, requestId } = await percall.infer('add', x(1000))
      const small = await percall.infer('add', x(2), { format: 'json' })
      const call = await percall.submit.infer('add', x(1_100_000))
      const { outputs: { y } } = await call.wait()
      const missing = await percall.predict('nope', [{}]).catch((error) => error)
      await report({
        kind: outputs.y.data.constructor.name, sum: outputs.y.data.reduce((a, b) => a + b), version, units,
        known: requestId !== undefined, small: [...small.outputs.y.data], later: y.data.length + y.data[1_099_999],
        missing: [missing.name, missing.code],
      })`)
    expect(await runInPage(module)).toEqual({
      kind: 'Float32Array',
      sum: 3000,
      version: 'add/1',
      units: 1,
      known: true,
      small: [3, 3],
      later: 1_100_003,
      missing: ['NotFoundError', 'UNKNOWN_MODEL'],
    })
  })
})
