import type { Cursor } from './cursor.ts'
import { attribute, type DocumentPath, type PathTree, pathTree, refuseOverlap } from './document-path.ts'
import type { AttributeValue, Item } from './value.ts'

/** The paths of a projection expression; no two overlap. Throws ValidationException. */
export const parseProjection = (cursor: Cursor): readonly DocumentPath[] => {
  const paths = [cursor.path()]
  while (cursor.take(',')) paths.push(cursor.path())
  cursor.expectEnd()
  refuseOverlap('ProjectionExpression', paths)
  return paths
}

/** The parts of an item that the paths name, at their places; elements of lists close up in their order. */
export const project = (item: Item, paths: readonly DocumentPath[]): Item =>
  part({ M: item }, pathTree(paths.map((path) => [path, true] as const)))?.M ?? {}

const part = (value: AttributeValue, tree: PathTree<true>): AttributeValue | undefined => {
  if (tree.kind === 'leaf') return value
  const steps = [...tree.branches.keys()]
  if (value.M && typeof steps[0] === 'string') {
    const chosen: Record<string, AttributeValue> = Object.create(null)
    for (const name of steps.map(String)) {
      const member = attribute(value.M, name)
      const inner = member && part(member, tree.branches.get(name)!)
      if (inner) chosen[name] = inner
    }
    return Object.keys(chosen).length > 0 ? { M: chosen } : undefined
  }
  if (!value.L || typeof steps[0] !== 'number') return undefined
  const list = value.L
  const positions = steps.map(Number).sort((a, b) => a - b)
  const chosen = positions.flatMap((position) => {
    const element = list[position]
    const inner = element && part(element, tree.branches.get(position)!)
    return inner ? [inner] : []
  })
  return chosen.length > 0 ? { L: chosen } : undefined
}
