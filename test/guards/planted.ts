import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export const root = join(import.meta.dirname, '..', '..')

/** A program of node_modules/.bin. */
export const tool = (name: string): string => join(root, 'node_modules', '.bin', name)

/** A folder with these files by path, for as long as `use` runs. */
export const withFiles = <Value>(files: Readonly<Record<string, string>>, use: (folder: string) => Value): Value => {
  const folder = mkdtempSync(join(tmpdir(), 'percall-planted-'))
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    return use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

type Report = {
  readonly diagnostics: readonly {
    readonly category: string
    readonly message: string
    readonly location: { readonly path: string }
  }[]
}

/** What biome, with this repository's rules, says of each of these files: `rule: message` by path. */
export const lint = (files: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  withFiles(files, (folder) => {
    for (const path of ['biome.json', 'scripts/no-clock.grit']) cpSync(join(root, path), join(folder, path))
    const options = ['lint', '--reporter=json', '--max-diagnostics=none', '--vcs-enabled=false', '.']
    const { stdout } = spawnSync(tool('biome'), options, { cwd: folder, encoding: 'utf8' })
    // biome's own report; it is checked by the tests that expect its rules in it.
    const { diagnostics } = JSON.parse(stdout) as Report
    const byPath = Map.groupBy(diagnostics, ({ location }) => location.path)
    return new Map(
      [...byPath].map(([path, said]) => [
        path,
        said.map(({ category, message }) => `${category}: ${message}`).join('\n'),
      ]),
    )
  })
