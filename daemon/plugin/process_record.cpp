#include "plugin/process_record.hpp"

#include <utility>

#include "plugin/abi_values.hpp"
#include "plugin/instance.hpp"

namespace baton::plugin {
namespace {

constexpr std::size_t kDefaultLine = 4 * 1024 * 1024;  // the longest seen in recorded sessions is 40 kB

std::size_t line_limit(const baton_spawn& request) { return request.max_line == 0 ? kDefaultLine : request.max_line; }

}  // namespace

ProcessRecord::ProcessRecord(Instance& instance, const baton_spawn& request, const baton_process_events& events,
                             void* user)
    : instance_(instance),
      owner_(request.owner),
      events_(events),
      user_(user),
      lines_{(request.flags & BATON_SPAWN_LINES_STDOUT) != 0, (request.flags & BATON_SPAWN_LINES_STDERR) != 0},
      splitters_{LineSplitter(line_limit(request)), LineSplitter(line_limit(request))} {}

process::Child::Events ProcessRecord::events() {
  const auto weak = weak_from_this();
  process::Child::Events calls;
  calls.on_output = [weak](process::Stream stream, std::string_view bytes) {
    if (const auto self = weak.lock()) self->take_output(stream, bytes);
  };
  calls.on_drain = [weak] {
    if (const auto self = weak.lock()) self->take_drain();
  };
  calls.on_exit = [weak](const process::Exit& exit) {
    if (const auto self = weak.lock()) self->take_exit(exit);
  };
  calls.token = std::make_shared<char>();
  token_ = calls.token;
  return calls;
}

void ProcessRecord::pause(bool paused) {
  paused_ = paused;
  child_->pause(paused_ || held_);
}

void ProcessRecord::hold(bool held) {
  held_ = held;
  child_->pause(paused_ || held_);
}

void ProcessRecord::close() {
  closed_ = true;
  child_.reset();
}

// False when there is nobody to deliver to any more.
bool ProcessRecord::deliver(std::uint32_t stream, std::string_view bytes, std::uint32_t cut) {
  if (closed_) return false;
  if (events_.on_output != nullptr)
    instance_.gate().enter("on_output", [&] { events_.on_output(user_, handle_, stream, str(bytes), cut); });
  return !closed_;
}

void ProcessRecord::take_output(process::Stream stream, std::string_view bytes) {
  const auto number = static_cast<std::uint32_t>(stream);
  if (!lines_[number - 1]) {
    deliver(number, bytes, 0);
    return;
  }
  splitters_[number - 1].feed(bytes, [&](auto line, auto cut) { return deliver(number, line, cut); });
}

void ProcessRecord::take_drain() {
  if (!closed_ && events_.on_drain != nullptr)
    instance_.gate().enter("on_drain", [&] { events_.on_drain(user_, handle_); });
}

void ProcessRecord::take_exit(const process::Exit& exit) {
  for (std::uint32_t stream = BATON_STREAM_STDOUT; stream <= BATON_STREAM_STDERR; ++stream)
    splitters_[stream - 1].finish([&](auto line, auto cut) { return deliver(stream, line, cut); });
  if (closed_) return;
  closed_ = true;
  instance_.processes().forget(handle_);
  const baton_exit raw{
      .size = sizeof(baton_exit), .code = exit.code, .signal = exit.signal, .forced = exit.forced ? 1u : 0u};
  if (events_.on_exit != nullptr) instance_.gate().enter("on_exit", [&] { events_.on_exit(user_, handle_, &raw); });
}

}  // namespace baton::plugin
