// A short life of an instance on some host: made, asked how it is, one run to its end, one cancelled, put to rest. For
// checks that change the host and ask whether the plugin still lives.
#pragma once

#include <cstddef>
#include <string>

#include "plugin/surroundings.hpp"
#include "plugin_check/subject.hpp"

namespace baton::plugin_check {

struct Trial {
  bool loaded = false;   // false: `refusal` says why not, and nothing else was tried
  bool created = false;  // false: `refusal` is the text that create left
  std::string refusal;
  bool ended = false;  // the first run, by itself
  std::string how;     // it ended; KeptRun::how()
  bool rested = false;
  std::string broken;  // rules, misbehaviour_of()
};

// `stage` may be null. `refused_writes`: so many writes to each program's stdin find no room at first.
Trial try_life(const Subject& subject, plugin::Stage* stage, std::size_t refused_writes = 0);

}  // namespace baton::plugin_check
