// The keys that the user granted to this instance.
#pragma once

#include "../ext/secret.h"
#include "host.hpp"

#include <string_view>

namespace baton::plugin {

// baton.secret/1
class Secrets {
 public:
  using Table = baton_host_secret;
  static constexpr const char* kId = BATON_EXT_SECRET;
  static constexpr size_t kSize = sizeof(Table);
  Secrets(Host host, const Table* table) noexcept : host_(host), table_(table) {}

  // Sets `out`, which is left alone on an error and lives until the current callback returns.
  Status get(const char* name, std::string_view& out) const noexcept {
    baton_str value{};
    const Status answer = table_->get(host_.raw(), name, &value);
    if (answer.ok()) out = view(value);
    return answer;
  }

 private:
  Host host_;
  const Table* table_;
};

}  // namespace baton::plugin
