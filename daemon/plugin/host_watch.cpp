#include "plugin/host_watch.hpp"

#include <algorithm>
#include <utility>

#include <fcntl.h>

#include "plugin/abi_values.hpp"
#include "plugin/host_tables.hpp"
#include "plugin/instance.hpp"
#include "reactor/watch.hpp"

namespace baton::plugin {
namespace {

constexpr std::uint32_t kInterest = BATON_WATCH_READ | BATON_WATCH_WRITE;
static_assert(reactor::Watch::kRead == BATON_WATCH_READ && reactor::Watch::kWrite == BATON_WATCH_WRITE &&
              reactor::Watch::kError == BATON_WATCH_ERROR);

// What is wrong with a descriptor; null: nothing.
const char* flaw_of(int descriptor) {
  const int flags = ::fcntl(descriptor, F_GETFD);
  if (flags < 0) return "watch: the descriptor is not open";
  if ((flags & FD_CLOEXEC) == 0) return "watch: programs would inherit the descriptor (close-on-exec is not set)";
  const int mode = ::fcntl(descriptor, F_GETFL);
  if (mode < 0 || (mode & O_NONBLOCK) == 0) return "watch: the descriptor blocks (O_NONBLOCK is not set)";
  return nullptr;
}

}  // namespace

struct HostWatch::Record {
  Record(Instance& of, const Request& what) : instance(of), request(what) {}

  void tell(std::uint32_t ready) {
    instance.gate().enter("on_ready", [&] { request.on_ready(request.user, {handle}, ready); });
  }
  std::uint32_t interest() const { return held ? request.interest & ~BATON_WATCH_READ : request.interest; }

  Instance& instance;
  Request request;
  bool held = false;
  std::uint64_t handle = 0;
  std::unique_ptr<reactor::Watch> watch = nullptr;
};

baton_status HostWatch::invalid(const char* why) {
  ++instance_.gate().counters().broken_struct;
  return instance_.gate().explain(BATON_E_INVALID, why);
}

baton_status HostWatch::stale(const char* why) {
  ++instance_.gate().counters().stale_handle;
  return instance_.gate().explain(BATON_E_STALE, why);
}

baton_status HostWatch::check(const Request& request, const baton_watch* out) {
  if (out == nullptr || request.on_ready == nullptr) return invalid("watch: no callback, or no place for the handle");
  if (request.interest == 0 || (request.interest & ~kInterest) != 0)
    return invalid("watch: interest is READ, WRITE or both");
  if (const char* flaw = flaw_of(request.descriptor)) return invalid(flaw);
  if (request.owner.id != 0 && !instance_.runs().is_alive(request.owner)) return stale("watch: the run has ended");
  const auto all = records_.handles();
  const bool watched = std::ranges::any_of(
      all, [&](auto handle) { return (*records_.find(handle))->request.descriptor == request.descriptor; });
  if (watched) return instance_.gate().explain(BATON_E_STATE, "watch: the descriptor is watched already");
  return BATON_OK;
}

baton_status HostWatch::start(const Request& request, baton_watch* out) {
  if (const auto status = check(request, out); status != BATON_OK) return status;
  auto record = std::make_shared<Record>(instance_, request);
  record->held = request.owner.id != 0 && instance_.runs().is_held(request.owner);
  record->handle = records_.insert(record);
  if (record->handle == 0) return instance_.gate().explain(BATON_E_LIMIT, "64 watches of this instance are alive");
  const std::weak_ptr<Record> weak = record;
  auto watch = reactor::Watch::start(instance_.loop(), request.descriptor, record->interest(), [weak](auto ready) {
    if (const auto kept = weak.lock()) kept->tell(ready);  // kept: the plugin may close the watch inside
  });
  if (!watch) {
    records_.take(record->handle);
    if (watch.error().code == Errc::kInvalid) return invalid("watch: such a descriptor cannot be waited for");
    return instance_.gate().explain(status_of(watch.error().code), watch.error().what);
  }
  record->watch = std::move(*watch);
  *out = {record->handle};
  return BATON_OK;
}

baton_status HostWatch::change(baton_watch watch, std::uint32_t interest) {
  const auto* found = records_.find(watch.id);
  if (found == nullptr) return stale("watch: it is closed");
  if ((interest & ~kInterest) != 0) return invalid("watch: interest is READ, WRITE, both or nothing");
  Record& record = **found;
  record.request.interest = interest;
  record.watch->change(record.interest());
  return BATON_OK;
}

baton_status HostWatch::close(baton_watch watch) {
  const auto record = records_.take(watch.id);
  if (!record) return BATON_E_STALE;
  (*record)->watch.reset();
  return BATON_OK;
}

void HostWatch::hold(baton_run owner, bool held) {
  for (const auto handle : records_.handles()) {
    Record& record = **records_.find(handle);
    if (record.request.owner.id != owner.id) continue;
    record.held = held;
    record.watch->change(record.interest());
  }
}

void HostWatch::close_of(baton_run owner) {
  for (const auto handle : records_.handles()) {
    if ((*records_.find(handle))->request.owner.id == owner.id) close({handle});
  }
}

void HostWatch::close_all() {
  for (const auto handle : records_.handles()) close({handle});
}

const baton_host_watch kHostWatch{
    .size = sizeof(baton_host_watch),
    .reserved = 0,
    .start =
        [](const baton_host* host, baton_run owner, int32_t fd, uint32_t interest,
           void (*on_ready)(void*, baton_watch, uint32_t) noexcept, void* user, baton_watch* out) noexcept {
          auto* instance = Instance::usable(host);
          if (instance == nullptr) return BATON_E_STATE;
          return instance->watches().start({owner, fd, interest, on_ready, user}, out);
        },
    .change =
        [](const baton_host* host, baton_watch watch, uint32_t interest) noexcept {
          auto* instance = Instance::usable(host);
          return instance == nullptr ? BATON_E_STATE : instance->watches().change(watch, interest);
        },
    .close =
        [](const baton_host* host, baton_watch watch) noexcept {
          auto* instance = Instance::usable(host);
          return instance == nullptr ? BATON_E_STATE : instance->watches().close(watch);
        }};

}  // namespace baton::plugin
