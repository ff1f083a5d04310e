// The descriptors that one instance has watched: baton.watch/1 over reactor::Watch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "baton/ext/watch.h"
#include "plugin/handle_table.hpp"

namespace baton::plugin {

class Instance;

class HostWatch {
 public:
  explicit HostWatch(Instance& instance) : instance_(instance) {}

  struct Request {
    baton_run owner;
    std::int32_t descriptor;
    std::uint32_t interest;
    decltype(+[](void*, baton_watch, std::uint32_t) noexcept {}) on_ready;
    void* user;
  };
  baton_status start(const Request& request, baton_watch* out);
  baton_status change(baton_watch watch, std::uint32_t interest);
  baton_status close(baton_watch watch);

  // Back-pressure: of what belongs to `owner`, nothing is told to be readable while held.
  void hold(baton_run owner, bool held);
  void close_of(baton_run owner);
  void close_all();
  std::size_t alive() const { return records_.size(); }

 private:
  struct Record;
  baton_status check(const Request& request, const baton_watch* out);
  baton_status invalid(const char* why);
  baton_status stale(const char* why);

  Instance& instance_;
  HandleTable<std::shared_ptr<Record>> records_{64};  // per instance
};

}  // namespace baton::plugin
