// An agent runtime, as the executor sees it: something that can be given a prompt and a directory and works until it
// ends.
//
// `plugin` implements it over a shared library; tests implement it with a script. Nobody compares a runtime's id to
// decide anything: what a runtime can do is in its capabilities.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"

namespace baton::runtime {

// How a runtime is attached (contract §2.2 "runtimeClass").
enum class Integration : std::uint8_t {
  kProgramPerRun = 1,     // "wrapped-oneshot"
  kConnectedService = 2,  // "connected-substrate": the executor does not run tasks on it
  kLoopInside = 3,        // "native"
};

// What a flag means to the host: plugin-api/GUIDE.md. Absent means no.
struct Capabilities {
  Integration integration = Integration::kProgramPerRun;
  bool streaming = false;
  bool tool_events = false;
  bool resume = false;
  bool fork = false;
  bool steer = false;
  bool follow_up = false;
  bool mcp = false;
  bool approvals = false;
  bool worktree = false;
  bool own_home = false;
  bool model_select = false;
  bool tool_block = false;
  bool limit_turns = false;
  bool limit_cost = false;
  bool usage_tokens = false;
  bool usage_cost = false;
  bool replay = false;
  std::uint32_t max_runs = 0;        // at once; 0: no limit of its own
  std::uint32_t cancel_ms = 5000;    // how long a cancel may take
  std::int64_t context_tokens = -1;  // -1: unknown
  std::vector<std::string> models;
  std::vector<std::string> facts;  // "key=value", shown to people, never acted on
};

// Answer of the last probe: is the program there, may it be used?
struct Health {
  bool probed = false;  // false: not asked yet, or no answer in time
  bool ready = false;
  std::string version;
  std::string account;
  std::string hint;  // what a person should do when it is not ready
};

// ---- what a run reports, in order ----

struct TextEvent {
  bool reasoning = false;  // false: the assistant's own words
  std::string text;        // any fragment
};
struct ToolCallEvent {
  std::string call_id, name, args_json;
};
struct ToolResultEvent {
  bool ok = true;
  std::string call_id, text;
};
struct StatusEvent {
  std::string text;
  std::int64_t retry_in_ns = 0;  // moves the silence watchdog: a rate limit is a wait, not silence
};
// Cumulative for the run. -1: unknown.
struct UsageEvent {
  bool estimated = false;
  std::int64_t tokens_in = -1, tokens_cached = -1, tokens_out = -1, tokens_reasoning = -1, cost_micros = -1;
};
// The runtime's own session, opaque; the last one is kept for a resume.
struct SessionEvent {
  std::string display_id, resume;
};
struct CustomEvent {
  std::string name, json;
};
using Event =
    std::variant<TextEvent, ToolCallEvent, ToolResultEvent, StatusEvent, UsageEvent, SessionEvent, CustomEvent>;

// ---- how a run ends ----

enum class EndKind : std::uint8_t { kSuccess = 1, kLimit = 2, kCancelled = 3, kFailed = 4 };

enum class ErrorClass : std::uint8_t {
  kNone = 0,
  kAuth,
  kQuota,
  kNotInstalled,
  kConfig,
  kNetwork,
  kProtocol,
  kCrashed,
  kTimeout,
  kPolicy,
  kSessionLost,
  kInternal,
};

struct Outcome {
  EndKind end = EndKind::kFailed;
  ErrorClass error_class = ErrorClass::kNone;
  bool retryable = false;
  std::int64_t retry_after_ns = -1;
  std::string summary = {};  // for people and for the next runtime; never parsed
  std::string detail = {};
  std::int64_t memory_peak = -1;  // bytes, of all its processes together; -1: unknown
};

// ---- starting one ----

struct McpServer {
  std::string name, url, bearer;  // the token is valid for this run only
};

struct Request {
  enum class Mode : std::uint8_t { kFresh = 0, kResume = 1, kFork = 2 };
  Mode mode = Mode::kFresh;
  std::string agent, task, attempt;  // ids, for logs
  std::string prompt_system, prompt_context, prompt_turn;
  std::string model;  // empty: the runtime's default
  std::string cwd;    // the only directory it writes project files in; never empty
  std::string home_dir;
  std::string resume;          // a SessionEvent's token, with kResume
  std::vector<McpServer> mcp;  // with the capability mcp
  std::vector<std::pair<std::string, std::string>> env;
  std::vector<std::string> blocked_tools;
  std::uint32_t max_turns = 0;
  std::int64_t max_cost_micros = -1;
  std::int64_t deadline_ns = -1;  // monotonic; -1: none
  std::uint64_t seed = 0;
};

enum class CancelReason : std::uint8_t { kUser = 1, kTime = 2, kBudget = 3, kShutdown = 4, kPolicy = 5 };

// Who hears of a run. Calls come on the reactor, never from inside start() or cancel().
class Listener {
 public:
  virtual ~Listener() = default;
  virtual void on_event(const Event& event) = 0;
  // Exactly once, last.
  virtual void on_end(const Outcome& outcome) = 0;
};

// Text for a living run: in the middle of what it does, or as its next turn.
struct Input {
  enum class Mode : std::uint8_t { kSteer = 1, kFollowUp = 2 };
  Mode mode = Mode::kSteer;
  std::string text;
};

// A started run. Destroying it before its end cancels it and silences the listener.
class Run {
 public:
  virtual ~Run() = default;
  // Asks for the end; on_end() follows by the capability's cancel_ms, and seconds later at the latest when processes do
  // not die of KILL. Repeating it is harmless.
  virtual void cancel(CancelReason reason) = 0;
  // While held, the run's sources are not read, and the listener hears nothing but the end and what came before it:
  // back-pressure for a slow consumer. Silence is not counted meanwhile.
  virtual void hold(bool /*held*/) {}
  // Hands text over, in a later turn and in order; it waits while the runtime cannot take it. kInvalid: the runtime
  // does not claim this mode; kConflict: the run has ended; kTooLarge: 1 MiB, or more than 64 wait.
  virtual Result<Unit> input(Input input) = 0;
};

class Runtime {
 public:
  virtual ~Runtime() = default;
  virtual const std::string& id() const = 0;
  virtual const std::string& name() const = 0;
  virtual const Capabilities& capabilities() const = 0;
  virtual const Health& health() const = 0;
  // Takes out of `text`, joined from a run's events, what nobody may see.
  virtual void mask(std::string& /*text*/) const {}
  // `listener` must outlive the run. An error means that nothing was started and the listener hears nothing.
  virtual Result<std::unique_ptr<Run>> start(const Request& request, Listener& listener) = 0;
};

// The runtimes of this daemon, in the order of the configuration.
class Registry {
 public:
  void add(Runtime& runtime) { runtimes_.push_back(&runtime); }
  void remove(const Runtime& runtime) { std::erase(runtimes_, &runtime); }
  // By id, or by an alias ("clawboo-native" is "native"). Null when there is none.
  Runtime* find(std::string_view id) const;
  const std::vector<Runtime*>& all() const { return runtimes_; }

  // One that is configured and cannot be used, and why, in words for people.
  struct Absent {
    std::string id, why;
  };
  void set_absent(std::vector<Absent> absent) { absent_ = std::move(absent); }
  // For an id that find() does not know. kUnavailable (reason "refused"): it is absent; kNotFound ("unknown_runtime").
  Error missing(std::string_view id) const;

 private:
  std::vector<Runtime*> runtimes_;
  std::vector<Absent> absent_;
};

std::string_view to_text(EndKind end);       // "success", "limit", "cancelled", "failed"
std::string_view to_text(ErrorClass error);  // "none", "auth", ...

}  // namespace baton::runtime
