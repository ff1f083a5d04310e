#include "verify/repository_file.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace baton::verify {
namespace {

Result<toml::table> parsed(std::string_view text) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    return fail(Errc::kInvalid, fmt::format("line {}: {}", error.source().begin.line, error.description()));
  }
}

}  // namespace

Result<std::optional<std::string>> read_repository_gate(std::string_view toml) {
  if (toml.size() > limits::kSorFile) {
    return fail(Errc::kInvalid, fmt::format("it has more than {} bytes", limits::kSorFile));
  }
  const auto table = parsed(toml);
  if (!table) return tl::unexpected(table.error());
  const auto gate = (*table)["gate"];
  if (!gate) return std::nullopt;
  if (!gate.is_table()) return fail(Errc::kInvalid, "gate must be a table");
  const auto verify = gate["verify"];
  if (!verify) return std::nullopt;
  const auto command = verify.value_exact<std::string>();
  if (!command) return fail(Errc::kInvalid, "gate.verify must be text");
  if (text::trimmed(*command).empty()) return fail(Errc::kInvalid, "gate.verify is empty");
  return command;
}

}  // namespace baton::verify
