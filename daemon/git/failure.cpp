#include "git/failure.hpp"

#include <cstdint>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "base/text.hpp"

namespace baton::git {
namespace {

constexpr std::size_t kShownCommand = 300;
constexpr std::size_t kShownStderr = 2000;
constexpr std::uintmax_t kRoom = 4096;  // bytes: less than a block is none

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// A branch is a file: where one is called `a`, none can be called `a/b`, and the other way round.
bool is_branch_in_the_way(std::string_view err) {
  return holds(err, "cannot lock ref") && holds(err, "; cannot create");
}

Errc code_of(std::string_view err) {
  if (holds(err, "No space left on device") || holds(err, "Disk quota exceeded")) return Errc::kNoSpace;
  if (holds(err, ".lock': File exists") || is_branch_in_the_way(err)) return Errc::kConflict;
  return Errc::kUnprocessable;
}

std::string_view reason_of(std::string_view err) {
  if (holds(err, "not a git repository")) return "not_a_repository";
  if (holds(err, ".lock': File exists")) return "git_locked";
  if (is_branch_in_the_way(err)) return "branch_in_the_way";
  if (code_of(err) == Errc::kNoSpace) return "disk_full";
  return "git_failed";
}

std::string as_json(std::string_view text) {
  std::string out;
  json::Writer(out).value(text::repaired_utf8(text));
  return out;
}

}  // namespace

std::string shown(const std::vector<std::string>& arguments) {
  std::string line = "git";
  for (const auto& argument : arguments) line += " " + argument;
  if (line.size() <= kShownCommand) return line;
  return std::string(text::head(line, kShownCommand)) + "…";
}

Error failed(const std::vector<std::string>& arguments, const process::Finished& finished) {
  const auto err = text::trimmed(finished.err);
  const std::string end = finished.exit.signal != 0 ? fmt::format("signal {}", finished.exit.signal)
                                                    : fmt::format("exit {}", finished.exit.code);
  Error error{
      code_of(err),
      text::repaired_utf8(fmt::format("{} failed ({}): {}", shown(arguments), end, text::tail(err, kShownStderr))),
      reason_of(err)};
  error.details.push_back({"command", as_json(shown(arguments))});
  error.details.push_back({"stderr", as_json(text::tail(err, kShownStderr))});
  return error;
}

Error disk_full(const std::filesystem::path& directory, Error error) {
  std::error_code unknown;
  const auto space = std::filesystem::space(directory, unknown);
  const bool wrote = holds(error.what, "unable to write") || holds(error.what, "write error") ||
                     holds(error.what, "failed to write") || holds(error.what, "unable to create");
  if (error.reason != "git_failed" || !wrote || unknown || space.available >= kRoom) return error;
  error.code = Errc::kNoSpace;
  error.reason = "disk_full";
  return error;
}

Error timed_out(const std::vector<std::string>& arguments, std::chrono::nanoseconds timeout) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(timeout).count();
  return {Errc::kTimeout, fmt::format("{} was ended after {} ms", shown(arguments), ms), "git_timeout"};
}

Error not_started(Error error) {
  if (error.code == Errc::kNotFound) return {Errc::kUnavailable, std::move(error.what), "no_git"};
  if (error.code == Errc::kInvalid) return {Errc::kUnprocessable, std::move(error.what), "not_a_repository"};
  return error;
}

}  // namespace baton::git
