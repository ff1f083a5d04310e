#include "git/failure.hpp"

#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"

namespace baton::git {
namespace {

constexpr std::size_t kShownCommand = 300;
constexpr std::size_t kShownStderr = 2000;

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

Errc code_of(std::string_view err) {
  if (holds(err, "No space left on device") || holds(err, "Disk quota exceeded")) return Errc::kNoSpace;
  if (holds(err, ".lock': File exists")) return Errc::kConflict;
  return Errc::kUnprocessable;
}

std::string_view reason_of(std::string_view err) {
  if (holds(err, "not a git repository")) return "not_a_repository";
  if (holds(err, ".lock': File exists")) return "git_locked";
  return "git_failed";
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
  return {code_of(err),
          text::repaired_utf8(fmt::format("{} failed ({}): {}", shown(arguments), end, text::tail(err, kShownStderr))),
          reason_of(err)};
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
