/**
 * Where code runs: a folder outside of the project, so that a forgotten external package is not found by looking upward.
 * Does: copies code read-only, links exactly the packages of the layers, gives each environment an own /tmp, and ends
 * what an earlier parent left behind. Does not: keep a function from reading other files of the machine.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

export type Sandbox = {
  /** Copies a function's code, read-only; gives its folder. */
  readonly placeCode: (functionName: string, codeFolder: string) => string
  /** Links the packages of the layers; gives the folder for NODE_PATH. Throws when a manifest or a package is missing. */
  readonly placeLayers: (functionName: string, layerFolders: readonly string[]) => string
  /** An empty writable folder for one environment. */
  readonly openScratch: (environmentId: string) => string
  readonly recordPid: (environmentId: string, pid: number) => void
  readonly closeScratch: (environmentId: string) => void
  /** Empty and read-only: the working directory of every environment. */
  readonly workFolder: string
  /** Where Node keeps compiled code for the next environment: a link beside the code, to the folder that was given. */
  readonly compileCacheFolder: string
  readonly remove: () => void
}

/** One sandbox per data folder; `layerModules` are the node_modules folders in which layers' packages are looked up. */
export const openSandbox = (dataFolder: string, layerModules: readonly string[], compileCache: string): Sandbox => {
  const name = createHash('sha256').update(resolve(dataFolder)).digest('hex').slice(0, 12)
  const root = join(tmpdir(), `percall-functions-${name}`)
  const scratchRoot = join(root, 'tmp')
  endLeftovers(scratchRoot)
  removeTree(root)
  const workFolder = join(root, 'work')
  const compileCacheFolder = join(root, 'compiled')
  // The folder lies where every user of the machine may look.
  for (const folder of [scratchRoot, workFolder, compileCache]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  symlinkSync(resolve(compileCache), compileCacheFolder, 'junction')
  chmodSync(workFolder, 0o555)

  return {
    workFolder,
    compileCacheFolder,
    placeCode: (functionName, codeFolder) => {
      const target = join(root, 'code', functionName)
      cpSync(codeFolder, target, { recursive: true, dereference: true })
      setReadOnly(target)
      return target
    },
    placeLayers: (functionName, layerFolders) => {
      const target = join(root, 'layers', functionName, 'node_modules')
      mkdirSync(target, { recursive: true })
      for (const folder of layerFolders) {
        for (const name of packagesOf(folder)) {
          const source = layerModules.map((modules) => join(modules, name)).find(existsSync)
          if (!source) throw new Error(`layer ${folder}: package ${name} is not in ${layerModules.join(', ')}`)
          const link = join(target, name)
          mkdirSync(dirname(link), { recursive: true })
          if (!existsSync(link)) symlinkSync(resolve(source), link, 'junction')
        }
      }
      return target
    },
    openScratch: (environmentId) => {
      const folder = join(scratchRoot, environmentId)
      mkdirSync(folder)
      return folder
    },
    recordPid: (environmentId, pid) => writeFileSync(pidFile(scratchRoot, environmentId), String(pid)),
    closeScratch: (environmentId) => {
      removeTree(join(scratchRoot, environmentId))
      rmSync(pidFile(scratchRoot, environmentId), { force: true })
    },
    remove: () => removeTree(root),
  }
}

const pidFile = (scratchRoot: string, environmentId: string): string => join(scratchRoot, `${environmentId}.pid`)

const packagesOf = (layerFolder: string): readonly string[] => {
  const file = join(layerFolder, 'manifest.json')
  if (!existsSync(file)) throw new Error(`layer ${layerFolder}: no manifest.json`)
  const { packages } = JSON.parse(readFileSync(file, 'utf8'))
  if (!Array.isArray(packages)) throw new Error(`layer ${layerFolder}: manifest.json has no list "packages"`)
  return packages.map((name: string) => name.replace('{platform}', process.platform).replace('{arch}', process.arch))
}

const setReadOnly = (path: string): void => {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const child = join(path, entry.name)
    if (entry.isDirectory()) setReadOnly(child)
    else chmodSync(child, 0o444)
  }
  chmodSync(path, 0o555)
}

// A read-only folder cannot be emptied by its owner, so the bits are given back first. Links are not followed.
const removeTree = (path: string): void => {
  const restore = (folder: string): void => {
    chmodSync(folder, 0o755)
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) restore(join(folder, entry.name))
    }
  }
  if (existsSync(path)) restore(path)
  rmSync(path, { recursive: true, force: true })
}

/**
 * Ends environments of a parent that was killed while their handler kept the thread busy, so that they could not see it.
 * A process is ours only when its command line holds the environment's id.
 */
const endLeftovers = (scratchRoot: string): void => {
  if (!existsSync(scratchRoot)) return
  for (const file of readdirSync(scratchRoot).filter((name) => name.endsWith('.pid'))) {
    const pid = Number(readFileSync(join(scratchRoot, file), 'utf8'))
    const environmentId = file.slice(0, -'.pid'.length)
    if (pid > 0 && commandLineOf(pid).includes(environmentId)) process.kill(pid, 'SIGKILL')
  }
}

const commandLineOf = (pid: number): string => {
  try {
    return existsSync('/proc/self/cmdline')
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return '' // the process is gone, or the platform has no ps
  }
}
