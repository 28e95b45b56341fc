import type { Stack } from '../stack/stack.ts'

type Figure = { readonly service: string; readonly calls: number; readonly cost: number }

/** What the functions wrote of answered calls and charges, in the lines that have this id. */
export const figuresOf = ({ logged }: Pick<Stack, 'logged'>, id: string): readonly Figure[] =>
  logged(id)
    .map((line) => JSON.parse(line.slice(line.indexOf('{'))))
    .filter((line) => line['percall.call.cost'] !== undefined)
    .map((line) => ({
      service: String(line.service),
      calls: Number(line['percall.calls'] ?? 0),
      cost: Number(line['percall.call.cost']),
    }))
