#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "app/config_sources.hpp"
#include "ops/state_directory.hpp"

namespace baton::app {
namespace {

// The longest wait that the older tool's variables can name.
constexpr std::int64_t kMostMs = std::numeric_limits<std::int32_t>::max();

struct Variable {
  std::string name;
  std::string value;
};

// BATON_<name>, or the older tool's CLAWBOO_<name> where the first is not set.
std::optional<Variable> find(const Environment& environment, std::string_view name) {
  for (const std::string_view prefix : {"BATON_", "CLAWBOO_"}) {
    std::string full = fmt::format("{}{}", prefix, name);
    if (auto value = environment(full)) return Variable{std::move(full), *std::move(value)};
  }
  return std::nullopt;
}

// Reads a whole number where the variable is set. Keeps the first mistake, after which nothing is read any more.
class Numbers {
 public:
  explicit Numbers(const Environment& environment) : environment_(environment) {}

  std::optional<std::int64_t> read(std::string_view name, std::int64_t least, std::int64_t most) {
    const auto variable = find(environment_, name);
    if (!variable || mistake_) return std::nullopt;
    const std::string& text = variable->value;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size() && number >= least && number <= most) return number;
    mistake_ = Error{
        Errc::kInvalid,
        fmt::format("{} must be a whole number from {} to {}, not '{}'", variable->name, least, most, text), "config"};
    return std::nullopt;
  }

  std::optional<std::chrono::milliseconds> milliseconds(std::string_view name) {
    const auto number = read(name, 1, kMostMs);
    return number ? std::optional(std::chrono::milliseconds(*number)) : std::nullopt;
  }

  const std::optional<Error>& mistake() const { return mistake_; }

 private:
  const Environment& environment_;
  std::optional<Error> mistake_;
};

}  // namespace

Result<Unit> read_environment(const Environment& environment, Config& config) {
  if (const auto state = ops::named_state(environment)) config.state = *state;
  if (const auto listen = environment("BATON_LISTEN")) config.listen = {*listen};
  Numbers numbers(environment);
  if (const auto safe = numbers.read("SAFE_MODE", 0, 1)) config.safe_mode = *safe == 1;
  if (const auto port = numbers.read("API_PORT", 0, 65535)) config.listen = {fmt::format("127.0.0.1:{}", *port)};
  if (const auto cycles = numbers.read("MAX_FIX_CYCLES", 0, 100)) {
    config.run.max_fix_cycles = static_cast<std::uint32_t>(*cycles);
  }
  if (const auto silence = numbers.milliseconds("RUN_SILENT_TIMEOUT_MS")) {
    config.run.silence = std::chrono::ceil<std::chrono::seconds>(*silence);
  }
  if (const auto ttl = numbers.milliseconds("BOARD_STALE_TTL_MS")) config.board.stale_ttl = *ttl;
  if (const auto sweep = numbers.milliseconds("BOARD_STALE_SWEEP_MS")) config.board.sweep = *sweep;
  if (numbers.mistake()) return fail(*numbers.mistake());
  return Unit{};
}

}  // namespace baton::app
