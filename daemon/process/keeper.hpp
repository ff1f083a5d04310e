// Sees to it that nothing survives the work that started it: not a grandchild that made a session of its own, ignores
// TERM and holds the pipes open.
//
// Each run and each gate has a Cell; its children are started in it (SpawnRequest::cell) and their end takes with it
// whatever they left. For that the daemon is a subreaper, and orphans.hpp tells whose an orphan is. What cannot be
// ended (it hangs in the kernel, it is frozen) is kept in mind under the cell's subject, also in the ledger, so that
// nobody is put to work beside it.
//
// With a control group of its own (cgroup_subtree.hpp) a cell ends for certain; the look for orphans then is for what
// moved itself out of it, and reaps.
//
// Costs one look at the daemon's own children and what is below the orphans among them, per end of a child in a cell;
// children without a cell (git) pay nothing. A look does a bounded amount of work and is continued by the next one.
//
// keeper.cpp has the cells, keeper_look.cpp the looks, keeper_undead.cpp what could not be ended.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "process/cgroup_subtree.hpp"
#include "process/ledger.hpp"
#include "process/orphans.hpp"

namespace baton::process {

class Keeper;

// What the processes of one piece of work have in common. Kept by whoever does the work and by its children.
class Cell {
 public:
  Cell(Keeper& keeper, std::string name, std::string subject);
  ~Cell();
  Cell(const Cell&) = delete;
  Cell& operator=(const Cell&) = delete;

  const std::string& name() const { return name_; }
  const std::string& subject() const { return subject_; }

  // `then` is called once, when each child that was started in it has ended and took along what it left, or was given
  // up; at once when there is none. No child may be started in it from here on.
  void when_empty(std::function<void()> then);
  bool is_empty() const { return inside_.empty(); }

  struct Usage {
    std::optional<std::int64_t> memory_peak = {};  // bytes; nothing: nobody counted
    std::optional<std::int64_t> memory_max = {};
    bool out_of_memory = false;  // the kernel ended some of it for that
  };
  Usage usage() const;

  // ---- for Child ----
  // The group that the next child is to enter; nothing: there are none. kIo: none could be made, and limits are set.
  Result<std::optional<Cgroup>> make_place();
  void joined(int pid, std::optional<Cgroup> place, const std::string& cwd);
  void kill(int pid);
  std::size_t clear(int pid);  // kills what the child left; how much of it lives still
  void give_up(int pid);       // what lives still, the child included, is kept in mind
  void left(int pid);

 private:
  Keeper& keeper_;
  const std::string name_, subject_;
  std::optional<Cgroup> group_;  // made for the first child
  std::size_t places_ = 0;
  std::map<int, std::optional<Cgroup>> inside_;  // its living children by pid, and the group of each
  std::function<void()> when_empty_;
};

std::string out_of_memory_text(const Cell::Usage& usage);  // a sentence for people

class Keeper {
 public:
  // Makes this process a subreaper. `ledger` and the keeper must outlive what is started in its cells. Without `groups`
  // sessions, tags, directories and descent are all that holds a cell together. Who is a child of this process already
  // is nobody's orphan. `dead_for`: what died and may be a library's child is reaped when its library did not do so for
  // that long.
  explicit Keeper(Ledger& ledger, std::optional<CgroupSubtree> groups = {},
                  std::chrono::milliseconds dead_for = std::chrono::minutes(1));
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  // `name` is for people ("run 0198…", "gate"). `subject`: what the work is done on, a task; empty: nothing that could
  // have a second worker.
  std::shared_ptr<Cell> open(std::string name, std::string subject);

  // Processes that a sweep could not end. What the ledger does not name yet is written there.
  void keep_in_mind(const std::vector<Ledger::Entry>& left);

  // A sentence about what is known to live of earlier work on `subject` and cannot be ended. Looks again each time.
  std::optional<std::string> undead(std::string_view subject);
  // All subjects of which that is so.
  std::vector<std::string> undead_subjects();

  // Reaps what died, while the work that left it goes on. For a timer of about a second; cheap when nothing runs.
  void tidy();

  // The daemon ends: kills and reaps whatever is left below it, waits at most `wait_ms`. Blocks; no Child may live.
  void end_all(int wait_ms);

 private:
  friend class Cell;
  // One pass over the children of this process in the order of their numbers, by as many looks as it takes.
  struct Round {
    int from = 0;                       // the number at which the next look goes on
    std::vector<ProcStat> left = {};    // killed, for the child that the round is for
    std::vector<ProcStat> unsure = {};  // lives on, since it may be of other work
    std::size_t steps = 0;              // that this look has left
  };
  struct Held {
    std::uint64_t start_time = 0;
    std::string tag, cwd, place;  // place: the directory of its control group
    std::string cell, subject;    // the cell's name and subject
    bool over = false;
    Round round = {};
  };
  struct Undead {
    Ledger::Entry entry;
    bool has_child = false;  // a Child waits for it still, and tells the ledger
    bool unsure = false;     // it may be of other work, with which it will be ended; the ledger does not know it
  };
  struct Known {
    std::uint64_t start_time = 0;
    int leader = 0;
  };
  struct SeenDead {
    std::uint64_t start_time = 0;
    std::int64_t since_ms = 0;
    std::size_t pass = 0;  // the last of tidy() in which it was there
  };

  void joined(int pid, const Cell& cell, const std::optional<Cgroup>& place, const std::string& cwd);
  void left(int pid);

  Family family() const;
  std::size_t clear(int pid);
  bool look(int pid, Round& round, std::size_t steps);
  void look_at(const ProcStat& orphan, int pid, const Family& family, Round& round);
  Origin origin(const ProcStat& orphan, const Family& family, Round& round) const;
  int home_of(const ProcStat& orphan) const;
  std::vector<ProcStat> kill_tree(const ProcStat& root, int leader, std::size_t& steps);
  void bury(const ProcStat& dead, const Family& family);
  void forget_gone();

  void give_up(int pid, const Cell& cell, const std::optional<Cgroup>& group);
  void remember(const ProcStat& process, const Cell& cell, const std::optional<Cgroup>& group);
  void doubt(const std::vector<ProcStat>& unsure, const Held& ended);
  bool is_undead(const ProcStat& process) const;
  void look_again();

  Ledger& ledger_;
  std::optional<CgroupSubtree> groups_;
  const std::chrono::milliseconds dead_for_;
  const int own_session_;
  std::map<int, std::uint64_t> strangers_;  // children before anything was started, with their start times
  std::map<int, Held> held_;                // living children in cells, by pid
  std::map<int, Known> known_;              // orphans that were killed and are not reaped yet
  std::map<int, SeenDead> seen_dead_;       // of which nobody knows whose they were
  std::vector<Undead> undead_;
  Round tidying_;
  std::size_t passes_ = 0, idle_ = 0;
  bool ending_ = false;  // the daemon ends, and with it the right of everything to live
};

}  // namespace baton::process
