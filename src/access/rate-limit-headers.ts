import type { Policy, PolicyState } from './rate-limit.ts'

const msPerSecond = 1000

/** Whole seconds, never too early. */
export const secondsUntil = (ms: number): number => Math.max(1, Math.ceil(ms / msPerSecond))

const policyItem = ({ name, quota, windowMs }: Policy): string =>
  `"${name}";q=${quota};${windowMs === undefined ? 'qu="concurrent-requests"' : `w=${windowMs / msPerSecond}`}`

const stateItem = ({ policy, remaining, resetMs }: PolicyState): string =>
  `"${policy.name}";r=${remaining}${resetMs === undefined ? '' : `;t=${secondsUntil(resetMs)}`}`

/** Two lists of structured fields: https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-11 */
export const rateLimitHeaders = (states: readonly PolicyState[]): Readonly<Record<string, string>> => ({
  'ratelimit-policy': states.map(({ policy }) => policyItem(policy)).join(', '),
  ratelimit: states.map(stateItem).join(', '),
})
