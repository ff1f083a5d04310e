#include "plugin/host_secret.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/log.hpp"
#include "plugin/abi_values.hpp"
#include "plugin/host_tables.hpp"
#include "plugin/instance.hpp"
#include "plugin/secret_source.hpp"

namespace baton::plugin {

void HostSecret::load() {
  const auto& asked = instance_.manifest().secrets;
  for (const auto& grant : instance_.settings().secrets) {
    if (std::ranges::find(asked, grant.name) == asked.end()) {
      log::warn("runtime {}: the plugin does not ask for the secret {}", instance_.name(), grant.name);
      continue;
    }
    auto value = read_secret(grant.source);
    if (!value) log::warn("runtime {}: no secret {}: {}", instance_.name(), grant.name, value.error().what);
    if (value) masker_.add(*value);
    values_[grant.name] = value ? std::optional<std::string>(*std::move(value)) : std::nullopt;
  }
}

baton_status HostSecret::get(const char* name, baton_str* out) {
  auto& gate = instance_.gate();
  if (name == nullptr || out == nullptr) {
    ++gate.counters().broken_struct;
    return gate.explain(BATON_E_INVALID, "secret: no name, or no place for the value");
  }
  const auto found = values_.find(std::string_view(name));
  if (found == values_.end())
    return gate.explain(BATON_E_DENIED, "secret: the descriptor does not name it, or the user did not grant it");
  if (!found->second) return gate.explain(BATON_E_NOT_FOUND, "secret: granted, but there is no value");
  *out = str(*found->second);
  return BATON_OK;
}

std::vector<std::pair<std::string, bool>> HostSecret::granted() const {
  std::vector<std::pair<std::string, bool>> all;
  for (const auto& [name, value] : values_) all.emplace_back(name, value.has_value());
  return all;
}

const baton_host_secret kHostSecret{.size = sizeof(baton_host_secret),
                                    .reserved = 0,
                                    .get = [](const baton_host* host, const char* name, baton_str* out) noexcept {
                                      auto* instance = Instance::usable(host);
                                      return instance == nullptr ? BATON_E_STATE : instance->secrets().get(name, out);
                                    }};

}  // namespace baton::plugin
