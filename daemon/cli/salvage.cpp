#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <system_error>

#include <fmt/core.h>

#include "cli/answers.hpp"
#include "cli/salvage_commands.hpp"
#include "http/target.hpp"

namespace baton::cli {
namespace {

using http::Method;

constexpr auto kWait = std::chrono::minutes(10);  // many worktrees, one after the other

// As ask() (answers.hpp), for answers that take their time.
template <class Say>
int ask_long(ApiClient& client, std::string target, std::string body, bool as_json, Say say) {
  const auto answer = client.call(Method::kPost, std::move(target), std::move(body), kWait);
  if (!answer) return report(answer.error());
  if (as_json) fmt::print("{}\n", simdjson::to_string(answer->body.root()));
  if (!answer->ok()) return as_json ? kRefused : report({Errc::kConflict, refusal_text(*answer)});
  return as_json ? kOk : say(answer->body.root());
}

template <class Each>
void each_of(json::Value root, std::string_view name, Each each) {
  const auto list = json::member(root, name);
  if (!list || !list->is_array()) return;
  for (const json::Value one : simdjson::dom::array(*list)) each(one);
}

void print_kept(json::Value entry) {
  const auto name =
      fmt::format("{}/{}", json::text(entry, "taskId").value_or("?"), json::integer(entry, "n").value_or(0));
  const auto time = json::integer(entry, "keptAt") ? time_of(entry, "keptAt") : time_of(entry, "committedAt");
  const auto repository = json::text(entry, "repoPath").value_or("?");
  if (json::text(entry, "kind") == "files") {
    fmt::print("{}  {}  {} KiB of ignored files  {}\n", name, time, json::integer(entry, "bytes").value_or(0) / 1024,
               repository);
  } else {
    fmt::print("{}  {}  {:.12} {}  {}\n", name, time, json::text(entry, "commit").value_or("?"),
               json::text(entry, "subject").value_or(""), repository);
  }
}

// What could not be done, on stderr; the exit code.
int print_failures(json::Value root, std::string_view about) {
  int code = kOk;
  each_of(root, "failures", [&](json::Value one) {
    fmt::print(stderr, "baton: {}: {}\n", json::text(one, about).value_or("?"),
               json::text(one, "message").value_or(""));
    code = kRefused;
  });
  return code;
}

Result<std::string> absolute(const std::string& path) {
  std::error_code error;  // a relative one needs the current directory, which may be gone
  auto whole = std::filesystem::absolute(path, error).lexically_normal().string();
  if (error) return fail(Errc::kIo, path + ": " + error.message());
  return whole;
}

}  // namespace

int collect_worktrees(ApiClient& client, bool json) {
  return ask_long(client, "/api/gc", {}, json, [](json::Value root) {
    each_of(root, "collected", [](json::Value one) {
      fmt::print("{}  {:<10}  {}\n", json::text(one, "taskId").value_or("?"), json::text(one, "why").value_or("?"),
                 json::text(one, "worktreePath").value_or("?"));
    });
    fmt::print("{} kept, {} MB free\n", json::integer(root, "kept").value_or(0),
               json::integer(root, "freeMb").value_or(0));
    return print_failures(root, "worktreePath");
  });
}

int list_salvage(ApiClient& client, const SalvageOptions& options) {
  std::string query;
  if (options.task) query += "&taskId=" + http::percent_encoded(*options.task);
  if (options.repository) {
    const auto path = absolute(*options.repository);
    if (!path) return report(path.error());
    query += "&repoPath=" + http::percent_encoded(*path);
  }
  if (!query.empty()) query.front() = '?';
  return ask(client, Method::kGet, "/api/salvage" + query, {}, options.json, [](json::Value root) {
    each_of(root, "entries", print_kept);
    return print_failures(root, "repoPath");
  });
}

int restore_salvage(ApiClient& client, const SalvageOptions& options) {
  const auto slash = options.name.rfind('/');
  if (slash == std::string::npos) return report({Errc::kInvalid, "'" + options.name + "' is not TASK/N"});
  Result<std::string> repository;
  if (options.repository) repository = absolute(*options.repository);
  if (!repository) return report(repository.error());
  std::string body = body_of([&](json::Writer& json) {
    if (options.branch) json.field("branch", *options.branch);
    if (options.repository) json.field("repoPath", *repository);
  });
  auto target = "/api/salvage/" + http::percent_encoded(options.name.substr(0, slash)) + "/" +
                http::percent_encoded(options.name.substr(slash + 1)) + "/restore";
  return ask(client, Method::kPost, std::move(target), std::move(body), options.json, [](json::Value root) {
    if (const auto branch = json::text(root, "branch"))
      fmt::print("branch {} at {}\n", *branch, json::text(root, "commit").value_or("?"));
    const auto files = json::member(root, "files");
    if (!files) return kOk;
    fmt::print("{} names moved back into the worktree\n", json::integer(*files, "moved").value_or(0));
    int code = kOk;
    each_of(*files, "conflicts", [&](json::Value name) {
      std::string_view text;
      if (!name.get(text)) fmt::print(stderr, "baton: {}: something is there already\n", text);
      code = kRefused;
    });
    return code;
  });
}

int prune_salvage(ApiClient& client, const SalvageOptions& options) {
  constexpr double kDay = 86'400'000;
  std::string body = body_of([&](json::Writer& json) {
    if (options.older_than_d)
      json.field("olderThanMs", static_cast<std::int64_t>(std::llround(*options.older_than_d * kDay)));
  });
  return ask_long(client, "/api/salvage/prune", std::move(body), options.json, [](json::Value root) {
    each_of(root, "forgotten", print_kept);
    fmt::print("{} forgotten\n", json::integer(root, "total").value_or(0));
    return print_failures(root, "repoPath");
  });
}

}  // namespace baton::cli
