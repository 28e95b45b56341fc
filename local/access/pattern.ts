/** IAM wildcards: `*` any run of characters, `?` one character. */
export function globOf(pattern: string, { ignoreCase = false } = {}): (value: string) => boolean {
  if (pattern === '*') return () => true
  if (!/[*?]/.test(pattern) && !ignoreCase) return (value) => value === pattern
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.')
  const expression = new RegExp(`^${source}$`, ignoreCase ? 'is' : 's')
  return (value) => expression.test(value)
}

const arnParts = 6

/**
 * ARN wildcards: each of the six parts between colons is matched by itself; only the last may hold colons.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function arnGlobOf(pattern: string): (value: string) => boolean {
  if (!pattern.startsWith('arn:')) return globOf(pattern)
  const globs = partsOf(pattern).map((part) => globOf(part))
  return (value) => {
    const parts = partsOf(value)
    return parts.length === globs.length && globs.every((matches, index) => matches(parts[index]!))
  }
}

function partsOf(arn: string): readonly string[] {
  const parts = arn.split(':')
  return parts.length <= arnParts ? parts : [...parts.slice(0, arnParts - 1), parts.slice(arnParts - 1).join(':')]
}
