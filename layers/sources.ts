import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/**
 * The folder of an installed package. One of another processor is fetched from the npm registry once, into dist/npm;
 * its bytes are checked against the manifest like all others. Throws when it is neither here nor to be had.
 */
export const packageFolder = (name: string, version: string | undefined): string => {
  const installed = join(root, 'node_modules', name)
  if (existsSync(join(installed, 'package.json'))) return installed
  const prefix = join(root, 'dist', 'npm')
  const fetched = join(prefix, 'node_modules', name)
  if (existsSync(join(fetched, 'package.json')) && versionOf(fetched) === version) return fetched
  mkdirSync(prefix, { recursive: true })
  const from = `${name}@${version ?? versionOf(join(root, 'node_modules', '@duckdb/node-bindings'))}`
  // --force: npm refuses a package of another processor otherwise. No scripts run.
  const flags = ['--no-save', '--force', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', prefix]
  const npm = spawnSync('npm', ['install', ...flags, from], { encoding: 'utf8', shell: process.platform === 'win32' })
  if (existsSync(join(fetched, 'package.json'))) return fetched
  throw new Error(`layer package ${from}: expected it in node_modules or from the npm registry, got: ${npm.stderr}`)
}

export const versionOf = (folder: string): string =>
  (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version
