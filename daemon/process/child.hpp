// One child process, watched from the reactor: spawned with posix_spawn into its own session and process group, its
// exit seen through a pidfd, its output read as it comes.
//
// Nothing is left behind: whoever ends first (the program, the stop ladder, the destructor), the whole process group is
// killed and the leader is reaped last, so that its group id cannot name a stranger in between. A child in a cell
// (keeper.hpp) takes with it what left its group and session too. A child is named in the ledger (ledger.hpp) from its
// start to its end.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.hpp"
#include "base/result.hpp"
#include "reactor/loop.hpp"

namespace baton::process {

class Cell;
class Ledger;

enum class Stream : std::uint8_t { kStdout = 1, kStderr = 2 };

struct SpawnRequest {
  std::vector<std::string> argv;  // argv[0] without a slash is searched in the PATH of `env`
  std::string cwd;                // must exist
  std::vector<std::string> env;   // the whole environment, "NAME=value"; see environment.hpp for the clean base
  bool keep_stdin = false;        // false: stdin is /dev/null
  std::string label;              // for the ledger and the log: "git", "run 0198…", "gate"
  std::shared_ptr<Cell> cell;     // null: what leaves the session of the child is not looked for
};

struct Exit {
  int code = -1;        // exit status; -1 when a signal ended it
  int signal = 0;       // the signal that ended it; 0 when it exited
  bool forced = false;  // ended by stop() or because a grandchild held the pipes too long
  bool undead = false;  // only in a cell: some of it lives still and cannot be ended; the cell's keeper knows
};

class Child {
 public:
  // Calls come in later turns of the loop, never from inside a function of Child.
  struct Events {
    std::function<void(Stream, std::string_view)> on_output;  // bytes as they come
    std::function<void()> on_drain;            // after write() had answered kUnavailable: there is room again
    std::function<void(const Exit&)> on_exit;  // last call, once, after both streams ended
    // Let go once the program is reaped, also of a child that is forgotten before. May be null.
    std::shared_ptr<const void> token = {};
  };

  // kNotFound: no such program. kInvalid: bad cwd or argument. kTooLarge: arguments beyond the kernel's limit (128 KiB
  // each: long text goes through stdin). kIo: no descriptors, no memory, no control group to limit it. Nothing was
  // started then. `ledger` may be null (tests); it must outlive the child's group. With a cell it is the keeper's.
  static Result<std::unique_ptr<Child>> spawn(reactor::Loop& loop, Ledger* ledger, SpawnRequest request, Events events);

  // Forgets the child: no call comes any more; a living group is killed and reaped in the background.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  int pid() const;

  // All or nothing. kUnavailable when 1 MiB is queued: on_drain follows. kConflict: stdin was not kept, or is closed.
  // A closed pipe on the other side is no error: the exit tells.
  Result<Unit> write(std::string_view bytes);
  void close_stdin();  // after what is queued was written

  Result<Unit> signal(int number);  // to the main process only; kNotFound when it has ended

  // The ladder: TERM to the group now, KILL to the group after `grace`. on_exit still comes; in a cell seconds after
  // the KILL even when something does not die of it. Repeating it with a
  // shorter grace moves the KILL forward.
  void stop(std::chrono::nanoseconds grace = limits::kStopGrace);

  // While paused no output is read, so the child blocks on its pipe: back-pressure without buffers.
  void pause(bool paused);

 private:
  struct State;
  explicit Child(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;  // shared with pending waits, which may end a turn later
};

}  // namespace baton::process
