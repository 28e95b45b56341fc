/** The keys of `needs`, each after those that it needs. Throws on a cycle, naming it. Depth-first, in given order. */
export function inOrder(
  needs: ReadonlyMap<string, ReadonlySet<string>>,
  fail: (message: string) => Error,
): readonly string[] {
  const done = new Set<string>()
  const visit = (id: string, path: readonly string[]): void => {
    if (done.has(id)) return
    if (path.includes(id)) throw fail(`circular dependency: ${[...path.slice(path.indexOf(id)), id].join(' -> ')}`)
    const needed = needs.get(id)
    if (!needed) throw fail(`${path.at(-1)} depends on ${id}, which is not in the template`)
    for (const each of needed) visit(each, [...path, id])
    done.add(id)
  }
  for (const id of needs.keys()) visit(id, [])
  return [...done]
}
