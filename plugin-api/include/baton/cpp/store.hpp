// The instance's own small memory.
#pragma once

#include "../ext/store.h"
#include "host.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace baton::plugin {

// baton.store/1
class Store {
 public:
  using Table = baton_host_store;
  static constexpr const char* kId = BATON_EXT_STORE;
  static constexpr size_t kSize = sizeof(Table);
  Store(Host host, const Table* table) noexcept : host_(host), table_(table) {}

  // Nothing when there is no such key, or it cannot be one.
  std::optional<std::string> get(std::string_view key) const {
    baton_str value{};
    if (!Status(table_->get(host_.raw(), str(key), &value)).ok()) return std::nullopt;
    return std::string(view(value));
  }
  Status put(std::string_view key, std::string_view value) const noexcept {
    return table_->put(host_.raw(), str(key), str(value));
  }
  Status erase(std::string_view key) const noexcept { return table_->erase(host_.raw(), str(key)); }

 private:
  Host host_;
  const Table* table_;
};

}  // namespace baton::plugin
