import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { inject } from 'vitest'
import type { Running } from '../../local/main.ts'

const pollMs = 20
const entry = join(import.meta.dirname, '..', '..', 'local', 'main.ts')

export type ServiceProcess = Pick<
  Running,
  'url' | 'awsEndpoint' | 's3Endpoint' | 'adminCredentials' | 'region' | 'outputs'
> & {
  readonly child: ChildProcess
  /** SIGKILL, as kill -9 sends it; resolves when the process is gone. */
  readonly kill: () => Promise<void>
}

/** The local service in a process of its own, so that it can be killed. */
export const startServiceProcess = async (assembly: string, data: string): Promise<ServiceProcess> => {
  const readyFile = join(data, '..', 'ready.json')
  rmSync(readyFile, { force: true })
  const places = ['--assembly', assembly, '--data', data, '--compile-cache', join(inject('runFolder'), 'compiled')]
  const options = [...places, '--port', '0', '--ready-file', readyFile]
  const child = spawn(process.execPath, [entry, ...options], { stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  while (!existsSync(readyFile)) {
    if (child.exitCode !== null)
      throw new Error(`local service: expected it to be ready, it ended with ${child.exitCode}`)
    await setTimeout(pollMs)
  }
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  return { region: 'us-east-1', ...JSON.parse(readFileSync(readyFile, 'utf8')), child, kill }
}
