#include "load/runner.hpp"

#include <sys/resource.h>

#include <utility>

namespace baton::load {
namespace {

std::chrono::nanoseconds cpu_used() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& time) {
    return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

// Each connection is a file; the usual soft limit of 1024 is there for programs that use select().
void allow_many_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);  // when it fails, connecting says so
}

}  // namespace

Runner::Runner(const ServerAddress& address, std::size_t clients, std::size_t pipeline,
               std::chrono::steady_clock::time_point deadline)
    : pipeline_(pipeline), deadline_(deadline) {
  allow_many_files();
  Feed& feed = *this;
  for (std::size_t i = 0; i < clients; ++i) {
    connections_.push_back(std::make_unique<Connection>(context_, address, feed, pipeline));
  }
}

PhaseTimes Runner::run(Phase& phase) {
  phase_ = &phase;
  times_ = {};
  times_.begun = std::chrono::system_clock::now();
  next_ = 0;
  left_ = phase.jobs();
  const auto cpu_before = cpu_used();
  const auto begun = std::chrono::steady_clock::now();
  context_.restart();
  start(pipeline_);
  if (left_ > 0) context_.run_until(deadline_);
  times_.wall = std::chrono::steady_clock::now() - begun;
  times_.cpu = cpu_used() - cpu_before;
  times_.unfinished = left_;
  if (left_ > 0 && times_.ended_by.empty()) times_.ended_by = "time was up";
  return std::move(times_);
}

// One request per connection and round, so that neighbours (the claimants of one task) go over different connections.
void Runner::start(std::size_t pipeline) {
  for (std::size_t round = 0; round < pipeline; ++round) {
    for (const auto& connection : connections_) connection->pull();
  }
  for (const auto& connection : connections_) connection->flush();
}

std::optional<Job> Runner::next(std::string& out) {
  if (next_ == phase_->jobs()) return std::nullopt;
  phase_->write(next_, out);
  return next_++;
}

void Runner::answered(Job job, const Answer& answer) {
  ++times_.answered;
  times_.latency.add(answer.took);
  phase_->take(job, answer);
  one_less();
}

void Runner::lost(Job job, const std::string& why) {
  phase_->lost(job, why);
  one_less();
}

void Runner::unreachable(const std::string& why) {
  times_.ended_by = "the server is gone: " + why;
  context_.stop();
}

void Runner::one_less() {
  if (--left_ == 0) context_.stop();
}

}  // namespace baton::load
