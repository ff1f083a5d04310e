// Runs any program as an agent runtime. What it exports: the descriptor, and one instance per configuration.
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <baton/ext/process.h>
#include <baton/ext/run.h>
#include <baton/ext/timer.h>
#include <baton/cpp/entry.hpp>

#include "command/command_run.hpp"
#include "command/config.hpp"
#include "command/placeholders.hpp"
#include "command/program.hpp"

namespace command {
namespace {

class Command : public baton::plugin::Runtime<Command, CommandRun> {
 public:
  Command(baton::plugin::Host host, const baton_create_args& args)
      : Runtime(host),
        services_{host, host.need<baton::plugin::Processes>(), host.need<baton::plugin::Timers>()},
        config_(parse_config(baton::plugin::view(args.config))) {
    add_fact("name", config_.name);
    add_fact("version", config_.version);
    add_fact("program", config_.argv[0]);
    for (const auto& fact : facts_) fact_pointers_.push_back(fact.c_str());
    fact_pointers_.push_back(nullptr);
  }

  baton_runtime_caps caps() const {
    baton_runtime_caps caps{};
    caps.integration = BATON_INTEGRATION_PROGRAM;
    caps.flags = BATON_CAP_STREAMING;
    if (config_.worktree) caps.flags |= BATON_CAP_WORKTREE;
    if (config_.events == Events::kJsonLines)
      caps.flags |= BATON_CAP_TOOL_EVENTS | BATON_CAP_USAGE_TOKENS | BATON_CAP_USAGE_COST | BATON_CAP_RESUME;
    if (uses("model")) caps.flags |= BATON_CAP_MODEL_SELECT;
    caps.max_runs = static_cast<std::uint32_t>(config_.max_runs);
    caps.context_tokens = -1;
    caps.facts = fact_pointers_.data();
    return caps;
  }

  // Looks where the host will look. A relative path is known only when there is a worktree.
  void probe(const baton::plugin::Probe& probe) {
    baton::plugin::ProbeResult result;
    result.version = config_.version;
    const std::string& program = config_.argv[0];
    const bool depends_on_run =
        program.find('{') != std::string::npos || (program[0] != '/' && program.find('/') != std::string::npos);
    result.ready = depends_on_run || find_program(program, path()).has_value();
    if (!result.ready) {
      result.error_class = BATON_ERROR_NOT_INSTALLED;
      result.hint = "program " + program + " was not found; install it or correct argv of this instance";
    }
    probe.answer(result);
  }

  std::unique_ptr<CommandRun> start(baton::plugin::Run run, const baton_run_request& request) {
    auto started = std::make_unique<CommandRun>(std::move(run), config_, services_);
    started->start(request);
    return started;
  }

  void cancel(CommandRun& run, std::uint32_t, std::int64_t deadline) { run.cancel(deadline); }

 private:
  void add_fact(const char* name, const std::string& value) {
    if (!value.empty()) facts_.push_back(std::string(name) + '=' + value);
  }
  bool uses(std::string_view placeholder) const {
    for (const auto& item : config_.argv) {
      if (mentions(item, placeholder)) return true;
    }
    for (const auto& [name, value] : config_.env) {
      if (mentions(value, placeholder)) return true;
    }
    return false;
  }
  std::string path() const {
    for (const auto& [name, value] : config_.env) {
      if (name == "PATH") return value;
    }
    const char* inherited = std::getenv("PATH");  // NOLINT: read on the reactor, nobody writes it
    return inherited != nullptr ? inherited : "/usr/local/bin:/usr/bin:/bin";
  }

  Services services_;
  Config config_;
  std::vector<std::string> facts_;
  std::vector<const char*> fact_pointers_;
};

constexpr const char* kOffers[] = {BATON_EXT_RUNTIME, nullptr};
constexpr const char* kNeeds[] = {BATON_EXT_RUN, BATON_EXT_PROCESS, BATON_EXT_TIMER, nullptr};
constexpr const char* kExecutables[] = {"*", nullptr};  // whatever the user's argv names

const baton_descriptor kDescriptor{.size = sizeof(baton_descriptor),
                                   .reserved = 0,
                                   .id = "org.baton.command",
                                   .name = "Command",
                                   .version = "0.1.0",
                                   .vendor = "Baton",
                                   .url = "",
                                   .license = "Apache-2.0",
                                   .summary = "Runs any program as an agent runtime",
                                   .config_schema = kConfigSchema,
                                   .offers = kOffers,
                                   .needs = kNeeds,
                                   .wants = nullptr,
                                   .secrets = nullptr,
                                   .executables = kExecutables,
                                   .user_files = nullptr};

}  // namespace
}  // namespace command

BATON_PLUGIN(command::Command, command::kDescriptor)
