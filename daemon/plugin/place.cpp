#include "plugin/place.hpp"

#include <functional>
#include <mutex>
#include <set>
#include <string>

namespace baton::plugin {

// As many as there are instances and libraries.
const char* lasting(std::string_view text) {
  static std::mutex mutex;
  static auto* texts = new std::set<std::string, std::less<>>();
  const std::lock_guard lock(mutex);
  const auto known = texts->find(text);
  return (known != texts->end() ? known : texts->emplace(text).first)->c_str();
}

}  // namespace baton::plugin
