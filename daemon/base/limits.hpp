// Every number that bounds something, with its reason. What an operator may change is a default here and a setting in
// the configuration; the rest is part of the contract.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace baton::limits {

using namespace std::chrono_literals;

// HTTP
inline constexpr std::size_t kRequestBody = 2 * 1024 * 1024;  // contract §1.0
inline constexpr std::size_t kRequestHead = 16 * 1024;  // nginx' large_client_header_buffers is 8 KiB a line, 32 in all
inline constexpr std::size_t kPipelinedOutput = 64 * 1024;       // answers gathered before a write is forced
inline constexpr std::size_t kEventStreamBacklog = 1024 * 1024;  // a reader that is further behind is cut off
inline constexpr std::size_t kConnections = 20'000;              // 10,000 idle streams and as many callers
inline constexpr auto kHeaderDeadline = 10s;                     // absolute, from a request's first byte
inline constexpr auto kBodyDeadline = 60s;                       // 2 MiB at 35 KiB/s
inline constexpr auto kKeepAlive = 75s;                          // as nginx: longer than common proxies' 60 s
inline constexpr auto kLinger = 2s;                            // after 413/431: time for the client to read the answer
inline constexpr std::size_t kLingerBytes = 8 * 1024 * 1024;   // and as much is read and dropped meanwhile
inline constexpr std::size_t kQuoted = 200;                    // bytes of what came in, in a message about it
inline constexpr std::size_t kRequestHeaders = 100;            // header lines, as Apache's LimitRequestFields
inline constexpr auto kEventBeat = 20s;                        // comment on a silent event stream: below proxies' 30 s
inline constexpr std::size_t kFetchedBody = 64 * 1024 * 1024;  // an answer that our client reads
inline constexpr std::size_t kAnswerHead = 64 * 1024;  // of an answer; also what is read at once (baton/ext/http.h)

// Store
inline constexpr std::size_t kWriteQueue = 65'536;  // operations waiting for the writer; more are refused with 503
inline constexpr std::size_t kGathered = 64;        // operations of one turn that are handed to the writer together
inline constexpr std::size_t kWriteBatch = 1024;    // operations per commit: beyond it throughput no longer rises
inline constexpr std::size_t kAnswersPerTurn = 64;  // of a group that was committed: about 1 ms of the reactor
inline constexpr std::size_t kListPage = 500;       // rows per page by default
inline constexpr std::size_t kListScan = 2048;      // rows a list may pass over for one page: about 2 ms of the reactor
inline constexpr std::int64_t kEventScan = 2048;    // events, likewise
inline constexpr std::size_t kEventChain = 1024;    // events of one task that are followed for one page, likewise
inline constexpr std::size_t kHistoryPage = 500;    // comments or executions of one task in an answer
inline constexpr std::size_t kHistoryBytes = 1024 * 1024;  // of their texts: more makes others wait for the answer
inline constexpr std::size_t kLinksShown = 1000;           // of a task, in each direction

// Board (contract §1.3; lengths in UTF-16 units)
inline constexpr std::size_t kTitle = 500;
inline constexpr std::size_t kDescription = 20'000;
inline constexpr std::size_t kName = 200;  // of an agent, team, tenant, …: stored with each event, and an index key
inline constexpr std::size_t kCommentBody = 20'000;
inline constexpr std::size_t kSummary = 8'000;
inline constexpr std::int64_t kRoomPosts = 10'000;   // the last ones of each room; older ones are forgotten
inline constexpr std::size_t kPostBody = 20'000;     // as a comment
inline constexpr std::size_t kIdempotencyKey = 255;  // characters, as Stripe's
inline constexpr auto kKeptAnswer = 24h;             // an answer under an Idempotency-Key; also Stripe's
inline constexpr std::size_t kKinds = 32;            // that claim-next may name
inline constexpr auto kClaimWait = 60s;              // the longest a claim-next waits: below proxies' usual 75 s
inline constexpr auto kLeaseLeast = 1s;              // below, a late heartbeat would look like a dead owner
inline constexpr auto kLeaseMost = 168h;
inline constexpr auto kStale = 60min;          // an owner without a sign of life (product: stale sweep)
inline constexpr auto kEventsKept = 24h * 30;  // of the log: as long as people ask "what was"
inline constexpr std::int64_t kEventsBytes = 1024LL * 1024 * 1024;  // of the log: some 3 million events
inline constexpr auto kUpkeepMost = 1min;           // between two looks for stale tasks, or for what may be forgotten
inline constexpr auto kUpkeepLeast = 100ms;         // and at least, unless somebody says
inline constexpr std::size_t kUpkeepStep = 512;     // rows forgotten in one transaction: a few ms of the store's thread
inline constexpr std::size_t kBlockersShown = 100;  // of a task, in its reads
inline constexpr std::uint32_t kMaxDepth = 2;       // ancestors of a task that may still be run

// Processes
inline constexpr std::size_t kCapture = 1024 * 1024;  // kept of each stream of a captured child; more is cut, and said
inline constexpr std::size_t kGitCapture = 32 * 1024 * 1024;  // contract §4.1
inline constexpr auto kGitTimeout = 60s;                      // contract §4.1
inline constexpr auto kStopGrace = 3s;                        // between TERM and KILL, contract §3.1
inline constexpr auto kPipeDrain = 1s;                        // a grandchild may hold the pipe this long after the exit
inline constexpr std::size_t kStdinQueue = 1024 * 1024;       // waiting for a child to read; a write beyond is refused
inline constexpr std::size_t kIgnoredKept = 1000;             // ignored files kept of one checkout; each costs a rename
inline constexpr int kGitAtOnce = 2;                 // feasibility Q1b: about the core count; more only adds loop lag
inline constexpr auto kGateTimeout = 600s;           // contract §5
inline constexpr std::size_t kVerdictAttempts = 20;  // kept in a verdict: 8 KiB each, in a row that each list reads
inline constexpr std::size_t kGateTail = 4000;       // of each stream, kept in the verdict

// Runs
inline constexpr auto kRunSilence = 1800s;  // no event for so long ends a run (contract §3.3)
inline constexpr auto kCancelDefault = 5s;  // how long a plugin may take to cancel when it does not say
inline constexpr std::size_t kRunsAtOnce = 64;

// Worktree files
inline constexpr std::size_t kResumeItems = 40;  // of a hand-off's lists, put into a prompt; the file has the rest
inline constexpr std::size_t kResumeItemText = 1'000;  // bytes of one of them: an item is a sentence, not a log
inline constexpr std::size_t kSorFile = 1024 * 1024;   // of one hand-off file, read back
inline constexpr std::size_t kDiffText = 1024 * 1024;  // of a diff, cut with a marker beyond

}  // namespace baton::limits
