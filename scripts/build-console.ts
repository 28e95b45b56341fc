/** Writes the page at `/` as a module: console/ bundled into one HTML text, with the policy that fits it. */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, transform } from 'esbuild'

const root = join(import.meta.dirname, '..')
const source = (name: string): string => join(root, 'console', name)

/** Where the module lies: in functions/, because a handler answers with it. */
export const consoleModule = join(root, 'functions', 'control', 'generated', 'console-page.ts')

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

// A function as replacement: `$&` in a script must not be read as a pattern.
const fill = (html: string, place: string, text: string): string => html.replace(place, () => text)

/** The module's text. The policy allows this very script and style, and requests to the service itself. */
export const buildConsole = async (): Promise<string> => {
  const bundled = await build({
    entryPoints: [source('main.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
  })
  // `</` would end the script element wherever it stands.
  const script = (bundled.outputFiles[0]?.text ?? '').trim().replaceAll('</', '<\\/')
  const style = (
    await transform(readFileSync(source('style.css'), 'utf8'), { loader: 'css', minify: true })
  ).code.trim()
  const html = fill(
    fill(readFileSync(source('index.html'), 'utf8'), '<style></style>', `<style>${style}</style>`),
    '<script></script>',
    `<script>${script}</script>`,
  )
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  return [
    '// Made from console/ by scripts/build-console.ts.',
    `export const consolePage = ${JSON.stringify(html)}`,
    `export const consolePolicy = ${JSON.stringify(policy)}`,
    '',
  ].join('\n')
}

if (import.meta.main) writeFileSync(consoleModule, await buildConsole())
