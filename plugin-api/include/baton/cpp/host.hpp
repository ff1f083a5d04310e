// The host, with checked access to its tables.
//
// A service is a small class over one table: `need` throws when this host has no such table (which cannot happen for
// what the descriptor lists in `needs`), `want` gives nothing then.
#pragma once

#include "../host.h"
#include "status.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace baton::plugin {

class Host {
 public:
  explicit Host(const baton_host* raw) noexcept : raw_(raw) {}
  const baton_host* raw() const noexcept { return raw_; }

  // Service has: Table, kId, kSize (how much of the table it uses), and a constructor (Host, const Table*).
  template <class Service>
  std::optional<Service> want() const {
    const auto* table = static_cast<const typename Service::Table*>(raw_->extension(raw_, Service::kId));
    if (table == nullptr || table->size < Service::kSize) return std::nullopt;
    return Service(*this, table);
  }
  template <class Service>
  Service need() const {
    auto service = want<Service>();
    if (!service) throw Failure(BATON_E_UNSUPPORTED, std::string("the host does not offer ") + Service::kId);
    return *service;
  }

  void log(int32_t level, std::string_view text, std::initializer_list<baton_field> fields = {}) const noexcept {
    raw_->log(raw_, level, str(text), fields.begin(), fields.size());
  }
  // Monotonic, and Unix time for display; in nanoseconds. Plugins read no other clock.
  std::int64_t now() const noexcept { return raw_->now(raw_); }
  std::int64_t wall() const noexcept { return raw_->wall(raw_); }
  // "name/version" of the host, for user agents; never for decisions.
  const char* product() const noexcept { return raw_->product; }
  // `return host.fail(BATON_E_IO, "why");` in a function that the host called.
  baton_status fail(baton_status code, std::string_view text) const noexcept {
    return raw_->fail(raw_, code, str(text));
  }

 private:
  const baton_host* raw_;
};

}  // namespace baton::plugin
