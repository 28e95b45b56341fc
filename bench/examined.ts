/** The last part of docs/performance.md: what was looked at, what it brought, and what was left. */
export const examined = `## What was looked at

Profiles by \`node --cpu-prof\`, on a machine that others used too; shares hold, absolute times are high.

Kept:

- Warm call: routes are read once and not by a regular expression a segment; a key that is in the cache is not checked by its MAC again; a row's hash is one call of \`crypto.hash\` (0.5 instead of 1.3 us for 400 bytes). Together about a third of what the handler added to its floor.
- Cold start: the local runtime keeps V8's compiled code of a function for its next environments. Loading the code of predict takes 95 instead of 134 ms (9 of 9 pairs). On Lambda it would have to be shipped, made by the very Node that runs there; that is left.
- Cold start: the model's file comes while the body, the price and the hour are read. On two busy cores the gain is within the noise; where a read takes milliseconds of waiting it is two of them.
- Local service: SigV4 signing keys are kept by secret, day, region and service; deriving them anew took four of the six HMACs and hashes of a request.
- Local service: the environments speak with the service over the pipe that they inherit, not by the Runtime API over HTTP: two requests a call less. With the next point, processor time of a call (user and system, alternating pairs of old and new on a machine that others used): the service from 1.1 to 1.7 ms down to 0.8 to 0.9, the environments from 2.1 to 3.3 ms down to 1.8 to 2.0; 1.2 to 2.4 times the requests.
- Local service: which statements cover an action on a resource is found once, conditions are still judged at every request; signing keys are key objects; bodies are read by events; text leaves in one piece with its headers; /proc is read at most every 50 ms; a write to a table without indexes is one statement, which SQLite commits by itself.
- Local S3: the CRC of eight bytes at a time (540 instead of 187 MB/s), and that of a multipart object joined from those of its parts instead of reading them again.
- Warm call: counts are added to in place, the directives of a log line are kept as text, and what a call does not use (coding, query, trace, key) is told by one look: 72 instead of 102 us of processor time on a busy machine, once all that a deployed call passes was in the bench.
- Cold start: the zone UTC needs no Intl, whose first object loads its data: loading predict takes 14 ms of processor time less (7 of 9 pairs). The ports of calls with a key or answered later are made on first use, and the chain of an environment's first call opens while its model loads.

Looked at and left:

- Cold start: the parts are Node's own start, the code (0.1 s), eight reads for key, version and price one after the other, 30 MB from S3 through the SDK (about 0.1 s of processor time; four ranged reads at once take a third off that, one buffer instead of the SDK's collector nothing), ONNX Runtime's own initialisation (40 ms, which the bare script has too) and the session. The biggest known step is the conversion to ONNX Runtime's own format at registration.
- Local service: what remains of a metered call is not the model and not the handler, which takes about 0.1 ms, but the way through the processes: HTTP at the gateway, the AWS SDK's signed put (0.45 ms of processor time alone, more beside two other processes) and the local DynamoDB that checks signature, policy and expression and commits. The peer does none of this. More connections than environments only queue. Of the SDK's put, lib-dynamodb is 0.06 to 0.1 ms beside the raw client; a cached middleware stack and fewer timeouts bring nothing that the noise lets through. A larger young generation (5 % of memory) brought nothing. Group commit was not tried: two environments have at most two writes to join, and SQLite is a fourteenth of the service's time.
- Binary tensors: nine tenths of a call of 1000 rows are \`session.run\`; what is left is base64 of the gateway's event, both ways, reading the header and making the tensor over the bytes, about 0.13 ms together with the checks.
- Children: a call of one row in a child costs about a quarter of a millisecond more than inline, the way over the pipe and back; for 1000 rows it is lost in the inference. Shared memory would save a copy that nobody notices.
- Memory: sessions that are evicted give their memory back. The bytes of a closed model wait for the next garbage collection, so single readings swing by a few models; the benches compare medians over many.
- Many versions, consumers and keys: every read of a call is by key, so their number is the same; what a fresh key and model cost is nine requests, once in 30 s and 10 s.
- Cost with a key and a long answer: a transaction is billed twice a KB of each item. A record that is longer than 1 KB exceeds 2.70 USD a million, whatever is done; an answer that leaves as gzip is kept as gzip. Below 4 KB an item is still cheaper than a put to S3.
- \`npm start\`: loading the CDK and bundling are half of the time to ready, the synthesis over a third (half of it the report that the CDK writes of its validation, one second, which could be left out locally). The demonstration trains both examples before it calls the first.
`
