#include "plugin/host_tables.hpp"
#include "plugin/manifest.hpp"

namespace baton::plugin {

Accepted<Unit> check_needs(const Manifest& manifest) {
  for (const auto& need : manifest.needs) {
    if (host_table(need) == nullptr)
      return refuse(RefusalCode::kMissingNeed, "needs " + need + ", which this daemon does not have");
  }
  return Unit{};
}

}  // namespace baton::plugin
