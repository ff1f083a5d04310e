// Where the daemon is inside a plugin: readable from a signal handler and from another thread.
//
// Only the reactor's thread enters plugins, one at a time, so there is one place. It holds pointers to texts that stay
// for ever, because another thread may be reading them while the plugin is left.
#pragma once

#include <cstdint>
#include <string_view>

namespace baton::plugin {

struct Place {
  const char* subject = nullptr;  // the instance's name, or the real path of a library that is being loaded; null: none
  const char* call = nullptr;
};

// Any thread; a signal handler.
Place place_now();

// A number of its own for each stay; 0 while outside. Any thread.
std::uint64_t visit_now();

// `text` as one that stays for ever; one copy of each.
const char* lasting(std::string_view text);

// Inside a plugin, from here to the end of the scope.
class Stay {
 public:
  // Both texts stay for ever. `visitor` is who enters, for last_visitor().
  Stay(const char* subject, const char* call, const void* visitor);
  ~Stay();
  Stay(const Stay&) = delete;
  Stay& operator=(const Stay&) = delete;
};

// Who entered last, also after it has left; to be compared, since it may be gone. Null: nobody.
const void* last_visitor();

}  // namespace baton::plugin
