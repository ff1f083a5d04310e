// Whose an orphan is.
//
// batond is a subreaper, so a process whose parent ended becomes its child, whatever session it made for itself. This
// says, without looking at anything, what such a process is to the children that were started (children below) and to
// those that have ended; README.md has the rule in words. A stranger is left alone in life and in death: it may be a
// child of a library that a plugin brought.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "process/proc_stat.hpp"

namespace baton::process {

// The variable that each child is started with, and which all that it starts inherit.
inline constexpr std::string_view kTagName = "BATON_SPAWN";

struct Family {
  struct Member {
    int pid = 0;  // also its session
    std::uint64_t start_time = 0;
    std::string_view tag = {};
    bool held = false;   // its descendants are ended with it: a run's or a gate's
    bool works = false;  // held, and on a subject; what serves no task lives long and starts little
    bool over = false;   // it has ended, what it left is being ended
  };
  int own_session = 0;          // the daemon's
  std::string_view nonce = {};  // of this daemon: its tags begin with it and a dot
  std::vector<Member> members = {};
  bool is_init = false;  // process 1 inherits what nobody here started
};

enum class Kinship : std::uint8_t {
  kStranger,  // not known to be ours
  kLiving,    // of a child that lives, or (leader 0) it may be
  kOver,      // of one that has ended
};

struct Origin {
  Kinship kinship = Kinship::kStranger;
  int leader = 0;  // the member; 0: one that is no member any more, or nobody knows which
};

// `orphan` is a child of the daemon, but no member. `tag`: of its environment; a dead process has none. `at_home_with`:
// the member in whose control group or directory it works, for one without a trace; 0: unknown.
Origin origin_of(const ProcStat& orphan, const std::optional<std::string>& tag, const Family& family,
                 int at_home_with = 0);

}  // namespace baton::process
