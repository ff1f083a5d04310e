// /api/plugins: libraries and instances, and the switch of an instance.
#include "api/answer.hpp"
#include "api/routes.hpp"

namespace baton::api {
namespace {

reactor::Task<http::Response> turn(const PluginControl& plugins, http::Request request, bool on) {
  const std::string instance = request.params[0];
  auto turned = co_await plugins.turn(instance, on);
  if (!turned) co_return http::error_response(turned.error());
  http::Response response{.body = "{\"ok\":true,\"instance\":" + plugins.describe_one(instance) + "}"};
  co_return response;
}

}  // namespace

std::vector<http::Route> plugin_routes(const PluginControl& plugins) {
  using enum http::Method;
  return {
      {.method = kGet,
       .pattern = "/api/plugins",
       .operation = "listPlugins",
       .summary = "Each plugin library and instance: its state, or why it was refused, and its counters.",
       .tag = "service",
       .handler = [&plugins](http::Request&,
                             http::Responder responder) { responder.send({.body = plugins.describe()}); },
       .answers = {{200, "libraries and instances"}}},
      {.method = kPost,
       .pattern = "/api/plugins/{instance}/disable",
       .operation = "disablePlugin",
       .summary = "Cancels the runs of an instance and ends it; it stays off until it is enabled, also over restarts.",
       .tag = "service",
       .task_handler = [&plugins](http::Request request) { return turn(plugins, std::move(request), false); },
       .answers = {{200, "it is off, or was"},
                   {404, "unknown_runtime"},
                   {409, "busy: it is being switched already; stopping: the daemon is"}}},
      {.method = kPost,
       .pattern = "/api/plugins/{instance}/enable",
       .operation = "enablePlugin",
       .summary = "Makes an instance again that was switched off, quarantined or refused, and forgets its crashes.",
       .tag = "service",
       .task_handler = [&plugins](http::Request request) { return turn(plugins, std::move(request), true); },
       .answers =
           {{200, "it is there, or was"},
            {404, "unknown_runtime"},
            {409, "busy, stopping, disabled_by_configuration, or the code of the refusal when it was refused again"}}},
  };
}

}  // namespace baton::api
