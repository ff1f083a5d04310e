// Whose an orphan is.
//
// batond is a subreaper, so a process whose parent ended becomes its child, whatever session it made for itself. This
// says, without looking at anything, what such a process is to the children that were started (children below) and to
// those that have ended; README.md has the rule in words. A stranger is left alone in life and in death: it may be a
// child of a library that a plugin brought.
#pragma once

#include <cstdint>
#include <limits>
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
    bool held = false;  // its descendants are ended with it: a run's or a gate's
    bool over = false;  // it has ended, what it left is being ended
  };
  int own_session = 0;          // the daemon's
  std::string_view nonce = {};  // of this daemon: its tags begin with it and a dot
  std::vector<Member> members = {};
  std::uint64_t first_held = std::numeric_limits<std::uint64_t>::max();  // start of the first held child that ever was
};

enum class Kinship : std::uint8_t {
  kStranger,  // not known to be ours
  kLiving,    // of a child that lives, or it may be
  kOver,      // of one that has ended
};

struct Origin {
  Kinship kinship = Kinship::kStranger;
  int leader = 0;  // the member; 0: one that is no member any more, or nobody knows which
};

// `orphan` is a child of the daemon, but no member. `tag`: of its environment; a dead process has none.
Origin origin_of(const ProcStat& orphan, const std::optional<std::string>& tag, const Family& family);

}  // namespace baton::process
