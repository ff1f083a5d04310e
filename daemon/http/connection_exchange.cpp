// One request and its answer: the part of a connection that knows handlers.
#include <exception>
#include <utility>

#include "base/bug.hpp"
#include "base/log.hpp"
#include "http/connection.hpp"
#include "http/connection_table.hpp"
#include "http/errors.hpp"
#include "http/request_rules.hpp"
#include "http/service.hpp"

namespace baton::http {
namespace {

Response broken_handler(const Route& route, std::string_view what) {
  log::error("http: {} threw: {}", route.operation, what);
  return error_response(500, "internal error");
}

// Runs in the server's scope; neither the connection nor the server's client keeps it alive.
reactor::Task<> serve(const Route* route, Request request, Responder responder) {
  Response response;
  try {
    response = co_await route->task_handler(std::move(request));
  } catch (const std::exception& thrown) {
    response = broken_handler(*route, thrown.what());
  }
  responder.send(std::move(response));
}

}  // namespace

void Connection::dispatch() {
  const RequestParser& parser = bench_->parser;
  Request& request = bench_->parser.request();
  phase_ = Phase::kHandling;
  released_ = false;
  last_ = !parser.keep_alive();
  old_client_ = parser.minor_version() == 0;
  head_only_ = request.method == Method::kHead;
  no_store_ = request.path.starts_with("/api");

  dispatching_ = true;
  const auto refused = guarded_ ? service_.guard.check(request) : std::nullopt;
  Response refusal;
  if (refused) {
    answer(error_response(refused->status, refused->text));
  } else if (const Route* route = service_.router.find(request, refusal)) {
    const auto unfit = refused_request(*route, request);
    unfit ? answer(*unfit) : call(*route, request);
  } else {
    answer(refusal);
  }
  dispatching_ = false;

  if (phase_ != Phase::kHandling) {
    release_request();
  } else if (bench_->input().empty()) {
    service_.benches.give_back(std::move(bench_));  // the answer may take long
  }
}

void Connection::call(const Route& route, Request& request) {
  Responder responder(&table_, key_);
  if (route.task_handler) {
    service_.tasks.spawn(serve(&route, std::move(request), std::move(responder)));
    return;
  }
  try {
    route.handler(request, std::move(responder));
  } catch (const std::exception& thrown) {
    // The responder that it was given has answered, or somebody still holds it.
    log::error("http: {} threw: {}", route.operation, thrown.what());
  }
}

void Connection::answer(const Response& response) {
  require(phase_ == Phase::kHandling, "an answer without a request");
  if (response.status < 200 || response.status > 599) {
    log::error("http: a handler answered with status {}", response.status);
    respond(error_response(500, "internal error"));
  } else {
    respond(response);
  }
  if (last_) {
    phase_ = Phase::kEnding;
    lingers_ = bench_ && !bench_->input().empty();
  } else {
    phase_ = Phase::kReading;
    enter(Stage::kIdle);
  }
  if (!dispatching_) wake_soon();
}

void Connection::respond(const Response& response) {
  last_ = last_ || service_.stopping;
  const HeadStyle style{.close = last_, .keep_alive = old_client_, .no_store = no_store_};
  append_head(out_, response, style, service_.date);
  if (!head_only_ && may_have_body(response.status)) out_.append(response.body);
}

// The request cannot be read to its end, so nothing after it can be found: the connection ends.
void Connection::refuse(const Refusal& refusal) {
  const RequestParser& parser = bench_->parser;
  head_only_ = parser.head_done() && bench_->parser.request().method == Method::kHead;
  no_store_ = false;
  old_client_ = false;
  last_ = true;
  respond(error_response(refusal.status, refusal.text));
  phase_ = Phase::kEnding;
  lingers_ = true;
}

void Connection::release_request() {
  released_ = true;
  continued_ = false;
  if (!bench_) return;
  if (phase_ == Phase::kStreaming) {
    service_.benches.give_back(std::move(bench_));
  } else {
    bench_->parser.reset();
  }
}

bool Connection::open_stream() {
  require(phase_ == Phase::kHandling, "a stream without a request");
  append_stream_head(out_, service_.date);
  const bool open = !head_only_ && !service_.ending;
  phase_ = open ? Phase::kStreaming : Phase::kEnding;
  lingers_ = false;
  beat_ = Clock::now() + service_.options.event_beat;
  if (!dispatching_) wake_soon();
  return open;
}

bool Connection::write_stream(std::string_view frame) {
  if (phase_ != Phase::kStreaming) return false;
  if (unsent() + frame.size() > service_.options.event_backlog) {
    watcher_ = nullptr;  // it learns it by the answer
    close();
    return false;
  }
  out_.append(frame);
  filled_ = true;
  if (!dispatching_ && !writing_) wake_soon();
  return true;
}

// Last in its turn, because the watcher may end the stream.
void Connection::tell_drained() {
  if (std::exchange(filled_, false) && watcher_ != nullptr) watcher_->stream_drained();
}

void Connection::end_stream() {
  watcher_ = nullptr;
  if (phase_ != Phase::kStreaming) return;
  phase_ = Phase::kEnding;
  if (!dispatching_) wake_soon();
}

}  // namespace baton::http
