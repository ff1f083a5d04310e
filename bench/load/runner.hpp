// Runs phases over a fixed number of connections, on the calling thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <asio/io_context.hpp>

#include "load/connection.hpp"
#include "load/phase.hpp"

namespace baton::load {

class Runner final : private Feed {
 public:
  // Connections are made with their first request and kept for the next phase. `address` must outlive the runner.
  Runner(const ServerAddress& address, std::size_t clients, std::size_t pipeline,
         std::chrono::steady_clock::time_point deadline);

  // Returns when every job was answered or lost, at the deadline, or when the server cannot be reached any more.
  // After unfinished ones, not to be called again.
  PhaseTimes run(Phase& phase);

 private:
  std::optional<Job> next(std::string& out) override;
  void answered(Job job, const Answer& answer) override;
  void lost(Job job, const std::string& why) override;
  void unreachable(const std::string& why) override;

  void start(std::size_t pipeline);
  void one_less();

  asio::io_context context_{1};
  std::vector<std::unique_ptr<Connection>> connections_;
  const std::size_t pipeline_;
  const std::chrono::steady_clock::time_point deadline_;
  Phase* phase_ = nullptr;
  PhaseTimes times_;
  Job next_ = 0;
  Job left_ = 0;
};

}  // namespace baton::load
