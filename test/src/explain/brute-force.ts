/** What a coalition of players is worth; mask bit j: player j is in it. */
export type Game = (mask: number) => number

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))

/** Each coalition once. */
const tableOf = (players: number, game: Game): Game => {
  const table = Float64Array.from({ length: 2 ** players }, (_, mask) => game(mask))
  return (mask) => table[mask]!
}

const sizeOf = (mask: number): number => mask.toString(2).replaceAll('0', '').length

/** Shapley values by their definition, over all subsets. */
export const shapley = (players: number, given: Game): readonly number[] => {
  const game = tableOf(players, given)
  return Array.from({ length: players }, (_, j) => {
    let sum = 0
    for (let mask = 0; mask < 2 ** players; mask++) {
      if (mask & (1 << j)) continue
      const size = sizeOf(mask)
      const weight = (factorial(size) * factorial(players - size - 1)) / factorial(players)
      sum += weight * (game(mask | (1 << j)) - game(mask))
    }
    return sum
  })
}

/** The Shapley interaction index of each two players (Grabisch and Roubens 1999), halved, with the rest on the diagonal. */
export const interactions = (players: number, given: Game): readonly (readonly number[])[] => {
  const game = tableOf(players, given)
  const values = shapley(players, game)
  const half = (i: number, j: number): number => {
    let sum = 0
    for (let mask = 0; mask < 2 ** players; mask++) {
      if (mask & ((1 << i) | (1 << j))) continue
      const size = sizeOf(mask)
      const weight = (factorial(size) * factorial(players - size - 2)) / factorial(players - 1)
      const both = game(mask | (1 << i) | (1 << j)) - game(mask | (1 << i)) - game(mask | (1 << j)) + game(mask)
      sum += weight * both
    }
    return sum / 2
  }
  return values.map((value, i) => {
    const row = values.map((_, j) => (i === j ? 0 : half(i, j)))
    row[i] = value - row.reduce((sum, own) => sum + own, 0)
    return row
  })
}
