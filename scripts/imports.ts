import { posix } from 'node:path'

/** One import of a file. `to` is a path from the root for a file, else the name of a package or `node:` module. */
export type Import = {
  readonly from: string
  readonly to: string
  readonly line: number
  readonly kind: 'value' | 'type'
}

// biome formats: a statement begins its line, and its specifier is in single quotes.
const statement = /^(?:import|export)\b([^'"`;=]*?)\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm

/** `import type {...}`, or braces in which every name is a type. */
const onlyTypes = (clause: string): boolean => {
  if (/^\s*type\b/.test(clause)) return true
  const names = /^\s*\{([^}]*)\}\s*$/.exec(clause)?.[1]
  const list = (names ?? '').split(',').filter((name) => name.trim() !== '')
  return list.length > 0 && list.every((name) => /^\s*type\s/.test(name))
}

/** The imports and re-exports of `text`, the file at path `from`; dynamic ones too where the specifier is a literal. */
export const importsOf = (from: string, text: string): readonly Import[] =>
  [...text.matchAll(statement)].map((match) => {
    const [, clause, named, bare, dynamic] = match
    const specifier = named ?? bare ?? dynamic ?? ''
    return {
      from,
      to: specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : specifier,
      line: text.slice(0, match.index).split('\n').length,
      kind: clause !== undefined && onlyTypes(clause) ? 'type' : 'value',
    }
  })
