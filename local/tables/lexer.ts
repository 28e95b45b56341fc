/** One token of an expression. `name` is a #placeholder, `value` a :placeholder. */
export type Token = {
  readonly kind: 'word' | 'name' | 'value' | 'number' | 'symbol' | 'end' | 'unknown'
  readonly text: string
  readonly start: number
  readonly end: number
}

const grammar =
  /[ \t\r\n]*(?:(?<name>#\w+)|(?<value>:\w+)|(?<word>[A-Za-z_]\w*)|(?<number>\d+)|(?<symbol><>|<=|>=|[=<>(),.[\]+-])|(?<unknown>\S))/y

/** The tokens of an expression, the last of kind `end`. What no expression may hold has kind `unknown`. */
export const tokens = (text: string): readonly Token[] => {
  const found: Token[] = []
  let at = 0
  for (;;) {
    grammar.lastIndex = at
    const match = grammar.exec(text)
    if (!match) break
    const [kind, content] = Object.entries(match.groups!).find(([, group]) => group !== undefined)!
    at = grammar.lastIndex
    // The groups are named after the kinds.
    found.push({ kind: kind as Token['kind'], text: content, start: at - content.length, end: at })
  }
  found.push({ kind: 'end', text: '<EOF>', start: text.length, end: text.length })
  return found
}
