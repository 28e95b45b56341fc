/** Uniform in [0, 1). Has a life: each call moves it on. */
export type Random = () => number
/** sfc32 (Chris Doty-Humphrey, PractRand), seeded by splitmix32; the same seed gives the same numbers everywhere. */
export declare const createRandom: (seed: number) => Random
