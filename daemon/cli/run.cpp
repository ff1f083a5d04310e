// baton run: works on a task with a runtime and waits for the end of the run.
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>

#include <fmt/core.h>

#include "base/json_writer.hpp"
#include "cli/commands.hpp"
#include "http/target.hpp"

namespace baton::cli {
namespace {

// A run may take hours; the daemon ends it, not this command.
constexpr auto kRunWait = std::chrono::hours(24);

}  // namespace

int run_task(ApiClient& client, const RunOptions& options) {
  std::optional<std::string> repository;
  if (options.repository) {
    std::error_code error;  // a relative one needs the current directory, which may be gone
    repository = std::filesystem::absolute(*options.repository, error).string();
    if (error) return report({Errc::kIo, *options.repository + ": " + error.message()});
  }
  std::string body;
  json::Writer json(body);
  json.object().field("taskId", options.task);
  if (repository) json.field("repoPath", *repository);
  if (options.agent) json.field("assigneeAgentId", *options.agent);
  if (options.kind) json.field("kind", *options.kind);
  if (options.keep_for_resume) json.field("keepForResume", true);
  json.end();
  const auto target = "/api/runtimes/" + http::percent_encoded(options.runtime) + "/run";
  const auto answer = client.need(http::Method::kPost, target, std::move(body), kRunWait);
  if (!answer) return report(answer.error());
  const auto root = answer->root();
  fmt::print("run {}: {}, task {}\n", json::text(root, "execId").value_or("?"),
             json::text(root, "doneReason").value_or("?"), json::text(root, "status").value_or("?"));
  if (const auto summary = json::text(root, "summary"); summary && !summary->empty()) fmt::print("{}\n", *summary);
  return json::text(root, "doneReason") == "success" ? kOk : kRefused;
}

}  // namespace baton::cli
