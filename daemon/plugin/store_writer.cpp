#include "plugin/store_writer.hpp"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/text.hpp"
#include "plugin/store_file.hpp"
#include "process/environment.hpp"

namespace baton::plugin {
namespace {

using namespace std::chrono_literals;

constexpr auto kBehind = 1s;    // promised by baton/ext/store.h
constexpr auto kAgain = 10s;    // after a failure: a full disk does not empty itself at once
constexpr auto kLongest = 10s;  // for a megabyte; then the disk does not answer
constexpr std::size_t kComplaint = 500;

std::string beside(const std::filesystem::path& file) { return store_beside(file, "new").native(); }

}  // namespace

StoreWriter::StoreWriter(Place place, std::function<std::string()> content)
    : place_(std::move(place)), content_(std::move(content)), idle_(place_.loop) {}

void StoreWriter::changed() {
  if (std::exchange(changed_, true) || writing_ || flushed_) return;
  soon_.emplace(place_.loop, failed_ ? kAgain : kBehind, [this] { write(); });
}

reactor::Task<> StoreWriter::flush() {
  flushed_ = true;  // from here on this function alone begins a write
  soon_.reset();
  bool tried = false;
  while (writing_ || (changed_ && !(tried && failed_))) {
    if (!writing_) write();
    tried = true;
    while (writing_) co_await idle_.wait();
  }
}

void StoreWriter::write() {
  changed_ = false;
  writing_ = true;
  if (auto started = start_child(); !started) written(std::move(started));
}

Result<Unit> StoreWriter::start_child() {
  const std::string other = beside(place_.file);
  std::error_code ignored;
  std::filesystem::remove(other, ignored);  // of a daemon that was killed
  process::SpawnRequest request;
  request.argv = {"dd", "of=" + other, "conv=excl,fsync", "bs=64k", "status=none"};
  request.cwd = "/";
  request.env = process::clean_environment();
  request.keep_stdin = true;
  request.label = "store";
  request.cell = place_.open_cell();
  complaint_.clear();
  process::Child::Events events;
  events.on_output = [this](process::Stream, std::string_view bytes) {
    complaint_ += text::head(bytes, kComplaint - std::min(kComplaint, complaint_.size()));
  };
  events.on_exit = [this](const process::Exit& exit) { child_ended(exit); };
  auto child = process::Child::spawn(place_.loop, place_.ledger, std::move(request), std::move(events));
  if (!child) return fail(child);
  child_ = std::move(*child);
  static_cast<void>(child_->write(content_()));  // the queue is empty: it takes everything
  child_->close_stdin();
  limit_.emplace(place_.loop, kLongest, [this] { child_->stop(); });
  return Unit{};
}

void StoreWriter::child_ended(const process::Exit& exit) {
  limit_.reset();
  child_.reset();
  const bool good = exit.code == 0 && !exit.forced;
  if (!good) {
    const auto why = exit.forced ? std::string("it took too long") : std::string(text::trimmed(complaint_));
    return written(fail(Errc::kIo, why));
  }
  std::error_code error;
  std::filesystem::rename(beside(place_.file), place_.file, error);
  written(error ? Result<Unit>(fail(Errc::kIo, error.message())) : Unit{});
}

void StoreWriter::written(Result<Unit> result) {
  writing_ = false;
  if (!result && !failed_)
    log::error("{} cannot be written: {}", place_.file.native(), text::repaired_utf8(result.error().what));
  failed_ = !result;
  const bool again = std::exchange(changed_, false) || failed_;
  if (again) changed();
  idle_.notify_all();
}

}  // namespace baton::plugin
