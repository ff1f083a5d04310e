#include "api/probes.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "api/answer.hpp"
#include "api/request.hpp"

namespace baton::api {
namespace {

constexpr std::int64_t kDefaultMs = 1000;
constexpr std::int64_t kLongestMs = 10'000;
constexpr std::size_t kLargestEcho = 64 * 1024;

// The smallest sample that is not exceeded by `share` of all. `sorted` may be empty.
std::int64_t quantile_us(const LagSamples& sorted, double share) {
  if (sorted.empty()) return 0;
  const auto rank = static_cast<std::size_t>(share * static_cast<double>(sorted.size()));
  return std::chrono::duration_cast<std::chrono::microseconds>(sorted[std::min(rank, sorted.size() - 1)]).count();
}

http::Response lag_report(LagSamples samples) {
  std::ranges::sort(samples);
  return json_object([&](json::Writer& json) {
    json.field("ok", true).field("samples", samples.size()).field("p50Us", quantile_us(samples, 0.5));
    json.field("p99Us", quantile_us(samples, 0.99)).field("maxUs", quantile_us(samples, 1.0));
  });
}

// A function that is kept must be one that can be copied, and a responder cannot: hence the shared one.
void measure_loop(const MeasureLag& measure, http::Request& request, http::Responder responder) {
  const auto duration = query_number(request, "ms", 1, kLongestMs, kDefaultMs);
  if (!duration) return responder.send(http::error_response(400, duration.error().what));
  const auto waiting = std::make_shared<http::Responder>(std::move(responder));
  const auto answer = [waiting](LagSamples samples) { waiting->send(lag_report(std::move(samples))); };
  if (measure(std::chrono::milliseconds(*duration), answer)) return;
  waiting->send(http::error_response(503, "too many measurements are under way"));
}

void echo(http::Request& request, http::Responder responder) {
  if (request.body.size() > kLargestEcho) return responder.send(http::error_response(413, "at most 64 KiB are echoed"));
  responder.send({.body = std::move(request.body), .content_type = "application/json"});
}

}  // namespace

std::vector<http::Route> probe_routes(MeasureLag measure) {
  using enum http::Method;
  return {
      {.method = kGet,
       .pattern = "/api/obs/loop",
       .operation = "measureLoop",
       .summary = "Measures how late the event loop is, by something that is due each millisecond meanwhile.",
       .tag = "service",
       .handler = [measure = std::move(measure)](
                      http::Request& request,
                      http::Responder responder) { measure_loop(measure, request, std::move(responder)); },
       .query = {{"ms", "how long, 1 to 10000; 1000 when not given"}},
       .answers = {{200, "samples, p50Us, p99Us and maxUs"},
                   {400, "ms is wrong"},
                   {503, "too many measurements are under way"}}},
      {.method = kPost,
       .pattern = "/api/echo",
       .operation = "echo",
       .summary = "Answers with the request's body: what HTTP costs without the board.",
       .tag = "service",
       .handler = echo,
       .any_body = true,
       .answers = {{200, "the body as it came"}, {413, "a body of more than 64 KiB"}}},
  };
}

}  // namespace baton::api
