// Where the daemon is inside a plugin: readable from a signal handler and from another thread.
//
// Only the reactor's thread enters plugins, one at a time, so there is one place. It holds pointers to texts that
// outlive the stay.
#pragma once

#include <cstdint>

namespace baton::plugin {

struct Place {
  const char* subject = nullptr;  // the instance's name, or the real path of a library that is being loaded; null: none
  const char* call = nullptr;
};

// For a signal handler on the thread that enters.
Place place_now();

// A number of its own for each stay; 0 while outside. Any thread.
std::uint64_t visit_now();

// Inside a plugin, from here to the end of the scope.
class Stay {
 public:
  // Both texts outlive it. `visitor` is who enters, for last_visitor().
  Stay(const char* subject, const char* call, const void* visitor);
  ~Stay();
  Stay(const Stay&) = delete;
  Stay& operator=(const Stay&) = delete;
};

// Who entered last, also after it has left; to be compared, since it may be gone. Null: nobody.
const void* last_visitor();

}  // namespace baton::plugin
