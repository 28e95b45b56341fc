/** The last part of docs/performance.md: what was looked at, what it brought, and what was left. */
export const examined = `## What was looked at
`
