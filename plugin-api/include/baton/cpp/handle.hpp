// A handle that closes what it names when it is destroyed.
#pragma once

#include "host.hpp"

#include <utility>

namespace baton::plugin {

// Table: a host table with close(host, Raw).
template <class Raw, class Table>
class Handle {
 public:
  Handle() = default;
  Handle(Host host, const Table* table, Raw raw) noexcept : host_(host), table_(table), raw_(raw) {}
  Handle(Handle&& other) noexcept : host_(other.host_), table_(other.table_), raw_(std::exchange(other.raw_, Raw{})) {}
  Handle& operator=(Handle&& other) noexcept {
    if (this == &other) return *this;
    close();
    host_ = other.host_;
    table_ = other.table_;
    raw_ = std::exchange(other.raw_, Raw{});
    return *this;
  }
  ~Handle() { close(); }

  Raw raw() const noexcept { return raw_; }
  explicit operator bool() const noexcept { return raw_.id != 0; }
  // It has ended by itself: there is nothing to close any more.
  void forget() noexcept { raw_ = Raw{}; }
  void close() noexcept {
    if (raw_.id != 0) table_->close(host_.raw(), std::exchange(raw_, Raw{}));
  }

 private:
  Host host_{nullptr};
  const Table* table_ = nullptr;
  Raw raw_{};
};

}  // namespace baton::plugin
