// An instance of a plugin with one running run, whose program is played by the benchmark.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/bug.hpp"
#include "base/clock.hpp"
#include "plugin/instance.hpp"
#include "plugin/library.hpp"
#include "plugin/plugin_runtime.hpp"
#include "reactor/loop.hpp"

namespace baton::plugin {

// Keeps the calls of the one child that was started, and starts nothing.
class PlayedChildren final : public Children {
 public:
  Result<std::unique_ptr<RunningChild>> spawn(process::SpawnRequest, process::Child::Events events) override {
    events_ = std::move(events);
    return std::make_unique<Played>();
  }
  void print(std::string_view bytes) { events_.on_output(process::Stream::kStdout, bytes); }
  void exit() {
    process::Exit ended;
    ended.code = 0;
    events_.on_exit(ended);
  }

 private:
  class Played final : public RunningChild {
   public:
    Result<Unit> write(std::string_view) override { return Unit{}; }
    void close_stdin() override {}
    Result<Unit> signal(int) override { return Unit{}; }
    void stop(std::chrono::nanoseconds) override {}
    void pause(bool) override {}
  };
  process::Child::Events events_;
};

class CountingListener final : public runtime::Listener {
 public:
  void on_event(const runtime::Event&) override { ++events; }
  void on_end(const runtime::Outcome&) override { ended = true; }
  std::uint64_t events = 0;
  bool ended = false;
};

class PlayedRun {
 public:
  PlayedRun(const std::filesystem::path& library, std::string config)
      : around_{loop_, clock_, children_}, instance_(around_, settings(std::move(config)), opened(library), "/") {
    require(instance_.create().has_value(), "the plugin was not created");
    runtime_ = std::make_unique<PluginRuntime>("bench");
    runtime_->attach(instance_);
    runtime::Request request;
    request.cwd = "/";
    auto started = runtime_->start(request, listener_);
    require(started.has_value(), "the run was not started");
    run_ = std::move(*started);
  }
  ~PlayedRun() {
    children_.exit();
    turn();
    require(listener_.ended, "the run did not end");
  }
  PlayedRun(const PlayedRun&) = delete;
  PlayedRun& operator=(const PlayedRun&) = delete;

  void print(std::string_view bytes) { children_.print(bytes); }
  // Delivers what was emitted.
  void turn() {
    loop_.context().restart();
    loop_.context().poll();
  }
  std::uint64_t events() const { return listener_.events; }

 private:
  static InstanceSettings settings(std::string config) {
    InstanceSettings made;
    made.name = "bench";
    made.config_json = std::move(config);
    return made;
  }
  static Library opened(const std::filesystem::path& file) {
    auto library = open_library(file);
    require(library.has_value(), "the plugin cannot be loaded");
    return *library;
  }

  reactor::Loop loop_;
  SystemClock clock_;
  PlayedChildren children_;
  Surroundings around_;
  CountingListener listener_;
  Instance instance_;
  std::unique_ptr<PluginRuntime> runtime_;
  std::unique_ptr<runtime::Run> run_;
};

}  // namespace baton::plugin
