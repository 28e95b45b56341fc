import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

const pollMs = 50

/** The product's synthesised stacks; made once a run, by whichever test file comes first. */
export const productAssembly = async (runFolder: string): Promise<string> => {
  const folder = join(runFolder, 'product')
  const assembly = join(folder, 'cdk.out')
  const done = join(folder, 'done')
  // Exactly one file's process makes it; another one where that failed.
  while (!begin(folder)) {
    if (existsSync(done)) return assembly
    await setTimeout(pollMs)
  }
  try {
    await synthesise(folder, assembly)
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
  writeFileSync(done, '')
  return assembly
}

/** -> whether this process is the one that makes the folder */
const begin = (folder: string): boolean => {
  try {
    mkdirSync(folder)
    return true
  } catch {
    return false
  }
}

const synthesise = async (folder: string, assembly: string): Promise<void> => {
  // Loading the CDK takes 1.4 s of a processor, which only the file that synthesises needs to spend.
  const [{ createApp }, { bundleOnce }] = await Promise.all([
    import('../../infra/app.ts'),
    import('../../infra/kept-bundles.ts'),
  ])
  await bundleOnce(join(folder, 'functions'))
  createApp({
    build: folder,
    outdir: assembly,
    context: { 'percall:layers': 'manifest', 'percall:batch': 'true' },
  }).synth()
}

// biome-ignore lint/suspicious/noExplicitAny: a CloudFormation template
export type Template = any

/** A copy of the assembly in which one stack's template was changed, to plant a fault. */
export const changedAssembly = (
  assembly: string,
  target: string,
  stack: string,
  change: (template: Template) => void,
): string => {
  cpSync(assembly, target, { recursive: true })
  const file = join(target, `${stack}.template.json`)
  const template = JSON.parse(readFileSync(file, 'utf8'))
  change(template)
  writeFileSync(file, JSON.stringify(template))
  return target
}
