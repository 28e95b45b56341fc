/** What a consumer's key may be narrowed to; each is a group of routes. */
export const scopes = ['predict', 'explain', 'batches', 'usage', 'keys'] as const
export type Scope = (typeof scopes)[number]
