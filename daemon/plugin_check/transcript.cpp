#include "plugin_check/transcript.hpp"

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <fstream>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/json_reader.hpp"
#include "plugin_check/transcript_shape.hpp"

namespace baton::plugin_check {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kFile = 64 * 1024 * 1024;  // the longest recorded session is some hundred kB
constexpr std::size_t kFiles = 4096;

// `pattern` with any number of "*" against all of `text`.
bool matches(std::string_view pattern, std::string_view text) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == text;
  if (!text.starts_with(pattern.substr(0, star))) return false;
  const auto rest = pattern.substr(star + 1);
  for (std::size_t from = star; from <= text.size(); ++from) {
    if (matches(rest, text.substr(from))) return true;
  }
  return false;
}

Result<std::string> content_of(const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  if (error || size > kFile)
    return fail(Errc::kIo, fmt::format("{}: {}", file.native(), error ? error.message() : "is longer than 64 MiB"));
  std::string content(size, '\0');
  std::ifstream in(file, std::ios::binary);
  if (!in.read(content.data(), static_cast<std::streamsize>(size)))
    return fail(Errc::kIo, file.native() + ": cannot be read");
  return content;
}

Result<Piece> read_piece(json::Value from, const fs::path& directory) {
  Piece piece;
  const auto name = json::text(from, "stream").value_or("stdout");
  if (name != "stdout" && name != "stderr") return fail(Errc::kInvalid, "stream is not stdout or stderr");
  if (name == "stderr") piece.stream = process::Stream::kStderr;
  piece.after = std::chrono::milliseconds(std::max<std::int64_t>(0, json::integer(from, "after_ms").value_or(0)));
  piece.after_lines =
      static_cast<std::size_t>(std::max<std::int64_t>(0, json::integer(from, "after_lines").value_or(0)));
  piece.after_stdin_end = json::boolean(from, "after_stdin_end").value_or(false);
  if (const auto text = json::text(from, "text")) {
    piece.bytes = *text;
    return piece;
  }
  const auto file = json::text(from, "file");
  if (!file) return fail(Errc::kInvalid, "a piece has neither text nor file");
  auto content = content_of(directory / *file);
  if (!content) return fail(content);
  piece.bytes = *std::move(content);
  return piece;
}

Result<std::vector<Piece>> read_pieces(json::Value from, const fs::path& directory) {
  std::vector<Piece> pieces;
  const auto list = json::member(from, "pieces");
  if (!list) return pieces;
  for (const auto entry : list->get_array()) {
    auto piece = read_piece(entry, directory);
    if (!piece) return fail(piece);
    pieces.push_back(*std::move(piece));
  }
  return pieces;
}

// {"code": 1} or {"signal": 9}
std::optional<process::Exit> read_exit(json::Value from) {
  const auto exit = json::member(from, "exit");
  if (!exit) return std::nullopt;
  if (const auto signal = json::integer(*exit, "signal"))
    return process::Exit{.code = -1, .signal = static_cast<int>(*signal)};
  return process::Exit{.code = static_cast<int>(json::integer(*exit, "code").value_or(0))};
}

std::optional<int> signal_of(std::string_view name) {
  if (name == "INT") return SIGINT;
  if (name == "TERM") return SIGTERM;
  if (name == "HUP") return SIGHUP;
  if (name == "USR1") return SIGUSR1;
  if (name == "USR2") return SIGUSR2;
  return std::nullopt;
}

Result<Unit> read_reactions(json::Value from, const fs::path& directory, Script& script) {
  const auto reactions = json::member(from, "on_signal");
  if (!reactions) return Unit{};
  for (const auto [name, entry] : reactions->get_object()) {
    const auto number = signal_of(name);
    if (!number) return fail(Errc::kInvalid, "on_signal names no INT, TERM, HUP, USR1 or USR2");
    auto pieces = read_pieces(entry, directory);
    if (!pieces) return fail(pieces);
    script.reactions[*number] = {*std::move(pieces), read_exit(entry)};
  }
  return Unit{};
}

Result<json::Document> parsed(const std::string& content) {
  auto document = json::Document::parse(content);
  if (document) return document;
  const auto where = broken_at(content);
  return fail(Errc::kInvalid, where.empty() ? document.error().what : where);
}

Result<Transcript> read_one(const fs::path& file) {
  const auto content = content_of(file);
  if (!content) return fail(content.error());
  const auto document = parsed(*content);
  if (!document) return fail(document.error());
  const auto root = document->root();
  if (const auto wrong = misshapen(root)) return fail(Errc::kInvalid, *wrong);
  Transcript made;
  made.name = file.stem().native();
  made.kind = json::text(root, "kind").value_or("");
  made.argv = json::texts(root, "argv");
  auto pieces = read_pieces(root, file.parent_path());
  if (!pieces) return fail(pieces);
  made.script.pieces = *std::move(pieces);
  made.script.exit = read_exit(root).value_or(process::Exit{.code = 0});
  made.script.hangs = json::boolean(root, "hangs").value_or(false);
  if (auto read = read_reactions(root, file.parent_path(), made.script); !read) return fail(read);
  made.expect = read_expectation(root);
  return made;
}

// One entry of an index of recorded sessions: {"command": [...], "stderr": "...", "exit_code": 0, ...}; its name is the
// file with what came on stdout.
Result<Transcript> read_recorded(std::string_view name, json::Value entry, const fs::path& directory) {
  Transcript made;
  made.name = name;
  made.argv = json::texts(entry, "command");
  auto content = content_of(directory / name);
  if (!content) return fail(content);
  if (!content->empty()) made.script.pieces.push_back({.bytes = *std::move(content)});
  if (const auto complaint = json::text(entry, "stderr"); complaint && !complaint->empty())
    made.script.pieces.push_back({.bytes = std::string(*complaint), .stream = process::Stream::kStderr});
  const auto code = static_cast<int>(json::integer(entry, "exit_code").value_or(0));
  made.script.exit = code < 0 ? process::Exit{.code = -1, .signal = -code} : process::Exit{.code = code};
  made.script.hangs = json::boolean(entry, "killed_after_timeout").value_or(false);
  return made;
}

Result<Unit> read_index(const fs::path& file, std::vector<Transcript>& into) {
  const auto content = content_of(file);
  if (!content) return fail(content.error());
  const auto document = parsed(*content);
  if (!document) return fail(document.error());
  if (!document->root().is_object()) return fail(Errc::kInvalid, "is not an object");
  for (const auto [name, entry] : document->root().get_object()) {
    auto recorded = read_recorded(name, entry, file.parent_path());
    if (!recorded) return fail(recorded);
    into.push_back(*std::move(recorded));
  }
  return Unit{};
}

}  // namespace

bool fits(const std::vector<std::string>& patterns, const std::vector<std::string>& argv) {
  if (patterns.empty()) return true;
  for (std::size_t index = 0; index < patterns.size(); ++index) {
    const auto& pattern = patterns[index];
    if (pattern == "..." && index + 1 == patterns.size()) return true;
    if (index == argv.size()) return false;
    std::string_view argument = argv[index];
    if (index == 0 && pattern.find('/') == std::string::npos) argument.remove_prefix(argument.rfind('/') + 1);
    if (!matches(pattern, argument)) return false;
  }
  return patterns.size() == argv.size();
}

Result<std::vector<Transcript>> read_transcripts(const fs::path& directory) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator all(directory, error), end; !error && all != end; all.increment(error)) {
    if (all->path().extension() == ".json") files.push_back(all->path());
    if (files.size() > kFiles) return fail(Errc::kInvalid, directory.native() + ": more than 4,096 transcripts");
  }
  if (error) return fail(Errc::kIo, directory.native() + ": " + error.message());
  std::ranges::sort(files);
  std::vector<Transcript> made;
  for (const auto& file : files) {
    Result<Unit> read = Unit{};
    if (file.filename() == "index.json") {
      read = read_index(file, made);
    } else if (auto one = read_one(file)) {
      made.push_back(*std::move(one));
    } else {
      read = fail(one);
    }
    if (!read) return fail(read.error().code, fmt::format("{}: {}", file.native(), read.error().what));
  }
  return made;
}

const Transcript* find_transcript(const std::vector<Transcript>& all, std::string_view kind,
                                  const std::vector<std::string>& argv) {
  const auto is_it = [&](const Transcript& one) { return (kind.empty() || one.kind == kind) && fits(one.argv, argv); };
  const auto found = std::ranges::find_if(all, is_it);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace baton::plugin_check
