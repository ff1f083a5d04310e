// The core table: what each function promises is in plugin-api/include/baton/host.h.
#include "plugin/host_core.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "base/text.hpp"
#include "plugin/abi_values.hpp"
#include "plugin/host_tables.hpp"
#include "plugin/instance.hpp"

namespace baton::plugin {
namespace {

constexpr std::size_t kLogText = 8 * 1024, kLogFields = 16;
constexpr std::size_t kLogRead = 64 * 1024;  // of a text that is far too long; much more than is shown

// One line: a plugin's text cannot begin another one. Masked before anything is changed or cut: a key may have several
// lines, and what is left of a cut one is not found.
std::string one_line(const Masker& masker, std::string_view bytes, std::size_t limit) {
  std::string masked(bytes.substr(0, kLogRead));
  masker.mask(masked);
  std::string line = text::repaired_utf8(text::head(masked, limit));
  std::ranges::replace_if(
      line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return line;
}

log::Level level_of(int32_t level) {
  if (level >= BATON_LOG_ERROR) return log::Level::kError;
  if (level >= BATON_LOG_WARN) return log::Level::kWarn;
  return level >= BATON_LOG_INFO ? log::Level::kInfo : log::Level::kDebug;
}

const void* core_extension(const baton_host* host, const char* id) noexcept {
  return id == nullptr ? nullptr : Instance::of(host).table_for(id);
}

void core_log(const baton_host* host, int32_t level, baton_str text, const baton_field* fields, size_t count) noexcept {
  auto& instance = Instance::of(host);
  const auto least = level_of(level);
  if (instance.is_over() || !log::enabled(least) || !readable(text)) return;
  const auto& masker = instance.secrets().masker();
  std::string line = "plugin " + instance.name() + ": " + one_line(masker, view(text), kLogText);
  for (std::size_t index = 0; fields != nullptr && index < std::min(count, kLogFields); ++index) {
    if (!readable(fields[index].key) || !readable(fields[index].value)) continue;
    line +=
        " " + one_line(masker, view(fields[index].key), 128) + "=" + one_line(masker, view(fields[index].value), 1024);
  }
  log::write(least, line);
}

baton_status core_fail(const baton_host* host, baton_status code, baton_str text) noexcept {
  auto* instance = Instance::usable(host);
  if (instance != nullptr && readable(text)) instance->gate().explain(code, view(text));
  return code;
}

int64_t core_now(const baton_host* host) noexcept {
  auto* instance = Instance::usable(host);
  return instance == nullptr ? 0 : instance->clock().monotonic_ns();
}

int64_t core_wall(const baton_host* host) noexcept {
  auto* instance = Instance::usable(host);
  return instance == nullptr ? 0 : instance->clock().unix_ms() * 1'000'000;
}

baton_status core_op_complete(const baton_host* host, baton_op op, baton_status status) noexcept {
  auto* instance = Instance::usable(host);
  if (instance == nullptr) return BATON_E_STATE;
  OpAnswer answer;
  answer.status = status;
  answer.health.probed = true;
  answer.health.ready = status >= BATON_OK;
  if (!answer.health.ready) answer.health.hint = instance->gate().failure(status);
  if (instance->operations().end(op, std::move(answer))) return BATON_OK;
  ++instance->gate().counters().stale_handle;
  return BATON_E_STALE;
}

}  // namespace

const baton_host kHostCore{.size = sizeof(baton_host),
                           .abi_minor = BATON_ABI_MINOR_LATEST,
                           .impl = nullptr,
                           .product = nullptr,
                           .extension = &core_extension,
                           .log = &core_log,
                           .fail = &core_fail,
                           .now = &core_now,
                           .wall = &core_wall,
                           .op_complete = &core_op_complete};

const void* host_table(std::string_view id) {
  if (id == BATON_EXT_RUN) return &kHostRun;
  if (id == BATON_EXT_PROCESS) return &kHostProcess;
  if (id == BATON_EXT_TIMER) return &kHostTimer;
  if (id == BATON_EXT_FILES) return &kHostFiles;
  if (id == BATON_EXT_WATCH) return &kHostWatch;
  if (id == BATON_EXT_WAKEUP) return &kHostWakeup;
  if (id == BATON_EXT_STORE) return &kHostStore;
  if (id == BATON_EXT_SECRET) return &kHostSecret;
  if (id == BATON_EXT_APPROVAL) return &kHostApproval;
  if (id == BATON_EXT_TOOLS) return &kHostTools;
  if (id == BATON_EXT_HTTP) return &kHostHttp;
  return nullptr;
}

bool Operations::end(baton_op op, OpAnswer answer) {
  auto on_done = open_.take(op.id);
  if (!on_done) return false;
  (*on_done)(std::move(answer));
  return true;
}

void Operations::end_all(baton_status status) {
  for (const auto handle : open_.handles()) {
    OpAnswer answer;
    answer.status = status;
    end({handle}, std::move(answer));
  }
}

}  // namespace baton::plugin
