import { invalid } from './validation-error.ts'
import type { AttributeValue, Item } from './value.ts'

/** An attribute's name, then names of map members and positions in lists. */
export type DocumentPath = readonly [string, ...(string | number)[]]

/** An item's own attribute: `constructor` and `__proto__` are names like any other. */
export const attribute = (item: Item, name: string): AttributeValue | undefined =>
  Object.hasOwn(item, name) ? item[name] : undefined

/** The value at a path, undefined when any part of it does not exist. */
export const valueAt = (item: Item, path: DocumentPath): AttributeValue | undefined => {
  let value: AttributeValue | undefined = { M: item }
  for (const step of path) {
    if (typeof step === 'number') value = value.L?.[step]
    else value = value.M && attribute(value.M, step)
    if (value === undefined) return undefined
  }
  return value
}

export const pathText = (path: DocumentPath): string =>
  `[${path.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join(', ')}]`

/** Throws ValidationException when one path lies inside another, or one takes for a list what another takes for a map. */
export const refuseOverlap = (parameter: string, paths: readonly DocumentPath[]): void => {
  for (const [at, first] of paths.entries()) {
    for (const second of paths.slice(at + 1)) {
      const kind = clash(first, second)
      if (kind) {
        throw invalid(
          `Invalid ${parameter}: Two document paths ${kind} with each other; must remove or rewrite one of these ` +
            `paths; path one: ${pathText(first)}, path two: ${pathText(second)}`,
        )
      }
    }
  }
}

const clash = (first: DocumentPath, second: DocumentPath): 'overlap' | 'conflict' | undefined => {
  for (let at = 0; at < Math.min(first.length, second.length); at += 1) {
    if (typeof first[at] !== typeof second[at]) return 'conflict'
    if (first[at] !== second[at]) return undefined
  }
  return 'overlap'
}

/** Paths that share no value, as a tree with a leaf of T at the end of each. */
export type PathTree<T> =
  | { readonly kind: 'leaf'; readonly leaf: T }
  | { readonly kind: 'branch'; readonly branches: Map<string | number, PathTree<T>> }

/** The tree of paths that do not overlap. */
export const pathTree = <T>(leaves: Iterable<readonly [DocumentPath, T]>): PathTree<T> => {
  const root: PathTree<T> = { kind: 'branch', branches: new Map() }
  for (const [path, leaf] of leaves) {
    let branches: Map<string | number, PathTree<T>> = root.branches
    for (const step of path.slice(0, -1)) {
      const next = branches.get(step) ?? { kind: 'branch', branches: new Map() }
      branches.set(step, next)
      if (next.kind === 'branch') branches = next.branches
    }
    branches.set(path.at(-1)!, { kind: 'leaf', leaf })
  }
  return root
}
