import type { Principal } from './access/principal.ts'
import type { Admission, Charge, Usage } from './call/charge.ts'
import type { Deployed } from './call/deployed.ts'
import type { ModelReference, Version } from './registry/version.ts'
import type { Tensor } from './tensor/tensor.ts'

/** Names in lower case, as the gateway gives them. */
export type RequestHeaders = Readonly<Record<string, string | undefined>>

/** Who calls, from the headers alone. Throws KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED. */
export type Authenticate = (headers: RequestHeaders) => Promise<Principal>

/** The version that a reference means now. Throws UNKNOWN_MODEL, UNKNOWN_ALIAS, UNKNOWN_VERSION. */
export type Resolve = (reference: ModelReference) => Promise<Deployed>

/** Fixes the time, hour and price of one call. Makes no network call when the hour and price are known. */
export type Admit = (principal: Principal, model: string) => Promise<Admission>

/** Output tensors in the order of `outputs`, and the time that loading the model took: 0 when it was there. */
export type Inference = { readonly outputs: readonly Tensor[]; readonly loadMs: number }

/**
 * Runs one version. Throws INFERENCE_REFUSED for values that the model refuses, INFERENCE_TIMEOUT and OUT_OF_MEMORY at
 * its limits, UNSUPPORTED_ONNX for a file that does not load, NOT_READY where memory is short.
 */
export type Infer = (version: Version, inputs: readonly Tensor[], outputs: readonly string[]) => Promise<Inference>

/** Writes the usage row that makes a call accepted. Throws OUTCOME_UNKNOWN. Does not deduplicate callers' retries. */
export type Settle = (admission: Admission, usage: Usage) => Promise<Charge>

/** A text -> its token ids with the special tokens around it. */
export type Tokenize = (text: string) => readonly number[]

/**
 * The tokenizer of a tokenizer.json, kept by the digest of the manifest that it came in.
 * Throws BAD_MANIFEST for a file that makes no tokenizer.
 */
export type TokenizerOf = (manifestDigest: string, tokenizer: Readonly<Record<string, unknown>>) => Tokenize
