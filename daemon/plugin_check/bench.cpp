#include "plugin_check/bench.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/bug.hpp"
#include "baton/ext/wakeup.h"
#include "baton/ext/watch.h"
#include "reactor/scope.hpp"

namespace baton::plugin_check {
namespace {

using namespace std::chrono_literals;

// In the scratch directory of a check.
constexpr const char* kWork = "work";
constexpr const char* kHome = "home";
constexpr const char* kData = "data-";

constexpr auto kMachinePatience = 50ms;  // for a thread or a socket of the plugin, when nothing else is left to do

std::string directory_in(const std::filesystem::path& scratch, const std::string& name) {
  const auto path = scratch / name;
  ::mkdir(path.c_str(), 0700);
  return path.native();
}

void write_private_file(const std::filesystem::path& file, std::string_view text) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  require(descriptor >= 0 && ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()),
          "no room for a file");
  ::close(descriptor);
}

bool uses_own_sources(const plugin::Manifest& manifest) {
  const auto lists = {&manifest.needs, &manifest.wants};
  return std::ranges::any_of(lists, [](const auto* list) {
    return std::ranges::any_of(*list, [](const auto& id) { return id == BATON_EXT_WATCH || id == BATON_EXT_WAKEUP; });
  });
}

// The user of a validator is the plugin's author: what the plugin asks for, it gets.
void grant_everything(plugin::InstanceSettings& settings, const plugin::Manifest& manifest,
                      const std::filesystem::path& scratch) {
  using Grant = plugin::NetworkGrant;
  settings.granted_user_files = manifest.user_files;
  for (const auto scheme : {Grant::Scheme::kHttp, Grant::Scheme::kHttps})
    settings.network.push_back({.scheme = scheme, .below = true, .every_port = true});
  const auto secret = scratch / "secret";
  if (!manifest.secrets.empty()) write_private_file(secret, "a secret of the validator");
  for (const auto& name : manifest.secrets) settings.secrets.push_back({name, "file:" + secret.native()});
}

reactor::Task<> end_task(plugin::Instance& instance, bool& ended) {
  ended = co_await instance.end(runtime::CancelReason::kShutdown);
}

}  // namespace

Bench::Bench(const Subject& subject, plugin::Stage* stage)
    : subject_(subject),
      chance_(subject.seed),
      time_(loop_),
      children_(loop_, chance_),
      http_(loop_),
      approvals_(loop_),
      tools_(loop_),
      around_{.loop = loop_,
              .clock = time_,
              .children = children_,
              .product = "baton-plugin-check",
              .http = &http_,
              .approvals = &approvals_,
              .tools = &tools_,
              .stage = stage} {
  play_transcripts("happy");
}

Bench::~Bench() {
  runs_.clear();
  turn();
}

tl::expected<plugin::Instance*, Finding> Bench::create(const std::string& name) {
  auto library = accepted_library(subject_);
  if (!library) return tl::unexpected(std::move(library.error()));
  auto made = create_with(*std::move(library), name, subject_.config_json);
  if (made) return *made;
  return tl::unexpected(skip("no instance: " + made.error().text));
}

plugin::Accepted<plugin::Instance*> Bench::create_with(plugin::Library library, const std::string& name,
                                                       const std::string& config_json) {
  has_own_sources_ = has_own_sources_ || uses_own_sources(library.manifest);
  plugin::InstanceSettings settings;
  settings.name = name;
  settings.plugin = library.manifest.id;
  settings.config_json = config_json;
  grant_everything(settings, library.manifest, subject_.scratch);
  Member member;
  member.instance = std::make_unique<plugin::Instance>(around_, std::move(settings), std::move(library),
                                                       directory_in(subject_.scratch, kData + name));
  auto created = member.instance->create();
  plugin::Instance* instance = member.instance.get();
  if (created) {
    member.runtime = std::make_unique<plugin::PluginRuntime>(name);
    member.runtime->attach(*instance);
  }
  members_.push_back(std::move(member));
  if (!created) return tl::unexpected(std::move(created.error()));
  return instance;
}

bool Bench::complete(reactor::Task<> task) {
  auto scope = std::make_unique<reactor::Scope>(loop_);
  scope->spawn(std::move(task));
  if (settle([&] { return scope->alive() == 0; })) return true;
  (void)scope.release();  // a task that does not end keeps it
  return false;
}

void Bench::probe(plugin::Instance& instance) { complete(instance.probe()); }

bool Bench::end(plugin::Instance& instance) {
  auto ended = std::make_unique<bool>(false);
  if (complete(end_task(instance, *ended))) return *ended;
  (void)ended.release();  // the task may write it still
  return false;
}

runtime::Request Bench::request(std::string prompt) {
  runtime::Request made;
  made.agent = "agent-1";
  made.task = "task-1";
  made.attempt = "attempt-" + std::to_string(runs_.size() + 1);
  made.prompt_turn = std::move(prompt);
  made.cwd = directory_in(subject_.scratch, kWork);
  made.home_dir = directory_in(subject_.scratch, kHome);
  made.seed = 42;
  return made;
}

KeptRun& Bench::start(plugin::Instance& instance, const runtime::Request& request) {
  const auto member =
      std::ranges::find_if(members_, [&](const Member& one) { return one.instance.get() == &instance; });
  require(member != members_.end() && member->runtime, "an instance of another bench");
  runs_.push_back(std::make_unique<KeptRun>());
  KeptRun& run = *runs_.back();
  auto started = member->runtime->start(request, run);
  if (started) {
    run.handle = *std::move(started);
  } else {
    run.refusal = started.error().what.empty() ? "no reason given" : started.error().what;
  }
  return run;
}

void Bench::forget() {
  runs_.clear();
  turn();
  children_.forget();
  http_.forget();
  approvals_.forget();
  tools_.forget();
}

void Bench::turn() {
  do loop_.context().restart();
  while (loop_.context().poll() > 0);
}

// Descriptors and threads of the plugin's own do not obey the virtual time.
bool Bench::wait_for_the_machine() {
  if (!has_own_sources_) return false;
  loop_.context().restart();
  return loop_.context().run_one_for(kMachinePatience) > 0;
}

bool Bench::settle(const std::function<bool()>& done, std::chrono::nanoseconds most) {
  const auto until = time_.monotonic_ns() + most.count();
  while (!done()) {
    loop_.context().restart();
    if (loop_.context().poll_one() > 0) continue;
    if (wait_for_the_machine()) continue;
    if (!time_.advance_to_next() || time_.monotonic_ns() > until) return done();
  }
  return true;
}

bool Bench::rest(std::chrono::nanoseconds most) {
  const auto until = time_.monotonic_ns() + most.count();
  settle([] { return false; }, most);
  return time_.monotonic_ns() <= until;
}

void Bench::play(Script script) {
  children_.direct([script = std::move(script)](const auto&, auto) { return script; });
}

void Bench::play_transcripts(std::string kind) {
  children_.direct([this, kind = std::move(kind)](const process::SpawnRequest& request, auto) -> Result<Script> {
    const auto* found = find_transcript(subject_.transcripts, kind, request.argv);
    if (found == nullptr) found = find_transcript(subject_.transcripts, "", request.argv);
    return found != nullptr ? found->script : plain_script(request);
  });
}

void clear_places(const Subject& subject) {
  std::error_code error;
  std::vector<std::filesystem::path> places{subject.scratch / kWork, subject.scratch / kHome};
  for (std::filesystem::directory_iterator all(subject.scratch, error), end; !error && all != end;
       all.increment(error)) {
    if (all->path().filename().native().starts_with(kData)) places.push_back(all->path());
  }
  for (const auto& place : places) std::filesystem::remove_all(place, error);
}

std::string misbehaviour_of(const plugin::Instance& instance) {
  const auto counted = instance.misbehaviour();
  const std::array<std::pair<std::string_view, std::uint64_t>, 6> all{
      {{"use of something that had ended", counted.stale_handle},
       {"report or end of a run that had ended", counted.late_call},
       {"text that is not UTF-8", counted.broken_text},
       {"argument that breaks the contract", counted.broken_struct},
       {"run that the host had to end", counted.missing_end},
       {"call from another thread", counted.wrong_thread}}};
  std::string text;
  for (const auto& [what, times] : all) {
    if (times > 0) text += fmt::format("{}{} ({}x)", text.empty() ? "" : ", ", what, times);
  }
  return text;
}

}  // namespace baton::plugin_check
