// The resources of the API, each a list of routes. Wiring puts them into one router; the OpenAPI document is made from
// it.
//
// What a function is given must outlive the router.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/claim_lines.hpp"
#include "api/event_streams.hpp"
#include "api/task_answers.hpp"
#include "api/waiters.hpp"
#include "base/limits.hpp"
#include "board/board.hpp"
#include "executor/collector.hpp"
#include "executor/reviews.hpp"
#include "executor/runs.hpp"
#include "executor/salvage.hpp"
#include "executor/workspaces.hpp"
#include "http/route.hpp"
#include "http/router.hpp"
#include "runtime/runtime.hpp"

namespace baton::api {

// What the service says about itself.
struct ServiceFacts {
  std::string version;
  std::string state;  // the state directory
};

// What the service knows and does about plugins, of which this folder knows nothing.
struct PluginControl {
  std::function<std::string()> describe;                                 // libraries and instances, as JSON
  std::function<std::string(const std::string& instance)> describe_one;  // one instance of them
  // Errors as the routes say.
  std::function<reactor::Task<Result<Unit>>(std::string instance, bool on)> turn;
};

// How the board behaves by configuration.
struct BoardSettings {
  std::chrono::milliseconds stale_ttl = limits::kStale;  // the lease of an owner who does not ask for one
};

// Each in the file of its subject: task_list.cpp, tasks.cpp (create, read, why), task_edit.cpp (edit, drop),
// claims.cpp, ….

std::vector<http::Route> task_list_routes(board::Board& board);
std::vector<http::Route> task_routes(board::Board& board, const BoardSettings& settings, TaskAnswers& answers);
// `undead`: what of earlier work on a task cannot be ended; as long as there is something, the task does not move on.
std::vector<http::Route> task_edit_routes(
    board::Board& board, const BoardSettings& settings,
    executor::Undead undead = [](const TaskId&) { return std::nullopt; });
std::vector<http::Route> claim_routes(board::Board& board, const BoardSettings& settings, ClaimLines& lines,
                                      Waiters& waiters);
std::vector<http::Route> owner_routes(board::Board& board, const BoardSettings& settings);
std::vector<http::Route> comment_routes(board::Board& board);
std::vector<http::Route> execution_routes(board::Board& board);
std::vector<http::Route> dependency_routes(board::Board& board);
std::vector<http::Route> room_routes(board::Board& board);
std::vector<http::Route> workspace_routes(executor::Workspaces& workspaces, executor::Runs& runs);
std::vector<http::Route> review_routes(executor::Reviews& reviews);
std::vector<http::Route> salvage_routes(executor::Collector& collector, executor::Salvage& salvage);
std::vector<http::Route> runtime_routes(runtime::Registry& registry, executor::Runs& runs);
std::vector<http::Route> plugin_routes(const PluginControl& plugins);
std::vector<http::Route> event_routes(board::Board& board, EventStreams& streams);
std::vector<http::Route> schema_routes();

// service.cpp. `router` is the one that the routes are put into.
std::vector<http::Route> service_routes(const ServiceFacts& facts, const http::Router& router,
                                        const executor::Runs& runs, const Waiters& waiters);

}  // namespace baton::api
