// A plugin host in a temporary directory, and a listener that keeps what it hears, for tests that read like sentences.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "plugin/host.hpp"
#include "reactor/loop.hpp"
#include "reactor/scope.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::plugin {

// One line per event.
inline std::string line_of(const runtime::Event& event) {
  struct Lines {
    std::string operator()(const runtime::TextEvent& e) const { return (e.reasoning ? "thought " : "text ") + e.text; }
    std::string operator()(const runtime::ToolCallEvent& e) const {
      return fmt::format("call {} {} {}", e.call_id, e.name, e.args_json);
    }
    std::string operator()(const runtime::ToolResultEvent& e) const {
      return fmt::format("result {} {} {}", e.call_id, e.ok, e.text);
    }
    std::string operator()(const runtime::StatusEvent& e) const {
      return fmt::format("status {} {}", e.text, e.retry_in_ns);
    }
    std::string operator()(const runtime::UsageEvent& e) const {
      return fmt::format("usage {} {} {} {} {} {}", e.estimated, e.tokens_in, e.tokens_cached, e.tokens_out,
                         e.tokens_reasoning, e.cost_micros);
    }
    std::string operator()(const runtime::SessionEvent& e) const {
      return fmt::format("session {} {}", e.display_id, e.resume);
    }
    std::string operator()(const runtime::CustomEvent& e) const { return fmt::format("custom {} {}", e.name, e.json); }
  };
  return std::visit(Lines{}, event);
}

class KeepingListener final : public runtime::Listener {
 public:
  void on_event(const runtime::Event& event) override {
    EXPECT_FALSE(outcome) << "an event after the end";
    events.push_back(line_of(event));
  }
  void on_end(const runtime::Outcome& how) override {
    EXPECT_FALSE(outcome) << "a second end";
    outcome = how;
  }
  // All text together.
  std::string words() const {
    std::string all;
    for (const auto& event : events) {
      if (event.starts_with("text ")) all += event.substr(5);
    }
    return all;
  }

  std::vector<std::string> events;
  std::optional<runtime::Outcome> outcome;
};

class PluginTest : public ::testing::Test {
 protected:
  PluginTest() {
    std::filesystem::create_directory(directory / "plugins");
    std::filesystem::create_directory(directory / "work");
    settings.directories = {directory / "plugins"};
    settings.probe_program = BATON_TEST_PROBE;
    settings.data_root = directory / "data";
  }
  ~PluginTest() override {
    if (host) shut_down();
  }

  // Copies a fixture into the plugin directory.
  void install(const std::string& name) { install_as(name, name); }
  void install_as(const std::string& name, const std::string& other) {
    std::filesystem::copy_file(std::filesystem::path(BATON_TEST_FIXTURES) / (name + ".so"),
                               directory.path() / "plugins" / (other + ".so"));
  }
  void install_command() {
    std::filesystem::copy_file(BATON_TEST_COMMAND_PLUGIN, directory.path() / "plugins" / "command.so");
  }

  InstanceSettings& add(const std::string& name, const std::string& plugin, std::string config = "{}") {
    InstanceSettings instance;
    instance.name = name;
    instance.plugin = plugin;
    instance.config_json = std::move(config);
    settings.instances.push_back(std::move(instance));
    return settings.instances.back();
  }
  void load() {
    host = std::make_unique<Host>(loop, clock, nullptr, settings);
    run(host->load());
  }
  void shut_down() {
    run(host->shut_down());
    host.reset();
  }
  void run(reactor::Task<> task) {
    reactor::Scope scope(loop);
    scope.spawn(std::move(task));
    require(test::run_until(loop, [&] { return scope.alive() == 0; }), "a task did not end in time");
  }

  runtime::Runtime& runtime(std::size_t index = 0) { return *host->runtimes().at(index); }
  // Slow calls are left out: a busy machine makes any call slow.
  Misbehaviour misbehaviour(std::size_t index = 0) {
    auto counted = host->describe().instances.at(index).misbehaviour;
    counted.slow_call = 0;
    return counted;
  }

  runtime::Request request(const std::string& prompt) {
    runtime::Request made;
    made.agent = "ada";
    made.task = "t1";
    made.attempt = "1";
    made.prompt_turn = prompt;
    made.cwd = directory / "work";
    return made;
  }
  // Starts a run; it must be accepted.
  std::unique_ptr<runtime::Run> start(const runtime::Request& what, KeepingListener& listener, std::size_t index = 0) {
    auto started = runtime(index).start(what, listener);
    if (!started) {
      ADD_FAILURE() << started.error().what;
      return nullptr;
    }
    return std::move(*started);
  }
  bool ends(const KeepingListener& listener) {
    return test::run_until(loop, [&] { return listener.outcome.has_value(); });
  }
  // Runs `prompt` to its end.
  KeepingListener complete(const std::string& prompt, std::size_t index = 0) {
    KeepingListener listener;
    const auto running = start(request(prompt), listener, index);
    EXPECT_TRUE(ends(listener)) << "the run did not end";
    return listener;
  }

  test::TempDir directory;
  reactor::Loop loop;
  SystemClock clock;
  PluginSettings settings;
  std::unique_ptr<Host> host;
};

}  // namespace baton::plugin
