#include "plugin_check/scene.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace baton::plugin_check {
namespace {

constexpr auto kUntilProgram = std::chrono::minutes(1);

const Transcript* transcript_of(const Subject& subject, std::string_view kind, const std::vector<std::string>& argv) {
  const auto fits_it = [&](const Transcript& one) { return one.kind == kind && fits(one.argv, argv); };
  const auto found = std::ranges::find_if(subject.transcripts, fits_it);
  return found == subject.transcripts.end() ? nullptr : &*found;
}

bool has_kind(const Subject& subject, std::string_view kind) {
  return std::ranges::any_of(subject.transcripts, [&](const Transcript& one) { return one.kind == kind; });
}

}  // namespace

Scene::Scene(const Subject& subject, Witness* witness) : subject_(subject), bench_(subject, witness) {
  clear_places(subject);
  auto library = accepted_library(subject);
  if (!library) {
    no_instance_ = library.error();
  } else {
    auto between = witness == nullptr ? *library : witness->between(*library);
    const auto made = bench_.create_with(std::move(between), "check", subject.config_json);
    if (made) {
      instance_ = *made;
    } else {
      no_instance_ = skip("no instance: " + made.error().text);
    }
  }
  play("happy");
}

void Scene::play(std::string kind, Change change) {
  kind_ = std::move(kind);
  change_ = std::move(change);
  expected_ = {};
  misfit_.clear();
  bench_.children().direct(
      [this](const process::SpawnRequest& request, auto) -> Result<Script> { return script_for(request); });
}

void Scene::play(Script script) { bench_.play(std::move(script)); }

Script Scene::script_for(const process::SpawnRequest& request) {
  const auto* found = transcript_of(subject_, kind_, request.argv);
  if (found == nullptr) {
    if (const auto* probe = transcript_of(subject_, "probe", request.argv); probe != nullptr) return probe->script;
    if (kind_ == "happy") found = transcript_of(subject_, "", request.argv);
  }
  if (found != nullptr) expected_ = found->expect;
  if (found == nullptr && kind_ != "happy") misfit_ = fmt::format("{}", fmt::join(request.argv, " "));
  Script script = found != nullptr ? found->script : plain_script(request);
  if (change_) change_(script);
  return script;
}

plugin::Instance* Scene::another(const std::string& name) {
  const auto made = bench_.create(name);
  return made ? *made : nullptr;
}

KeptRun& Scene::start(const runtime::Request& request) {
  return instance_ == nullptr ? never_ : bench_.start(*instance_, request);
}

KeptRun& Scene::start_program(const runtime::Request& request) {
  KeptRun& run = start(request);
  const auto& programs = bench_.children().spawned();
  if (run.handle) bench_.settle([&] { return run.ended() || !programs.empty(); }, kUntilProgram);
  return run;
}

KeptRun& Scene::run(const runtime::Request& request) {
  KeptRun& run = start(request);
  if (run.handle) bench_.settle([&] { return run.ended(); });
  return run;
}

void Scene::end() {
  if (auto* instance = std::exchange(instance_, nullptr)) (void)bench_.end(*instance);
}

std::optional<Finding> Scene::untried(const KeptRun& run) {
  if (no_instance_) return no_instance_;
  if (!run.refusal.empty()) return skip("the run is refused: " + run.refusal);
  if (bench_.children().spawned().empty()) return skip("it starts no program, so none can be played");
  if (!misfit_.empty()) return skip(fmt::format("no transcript of kind \"{}\" fits \"{}\"", kind_, misfit_));
  return std::nullopt;
}

std::optional<Finding> Scene::endless(const KeptRun& run) const {
  if (!run.outcome) return fault("the run does not end");
  if (instance_ != nullptr && instance_->misbehaviour().missing_end > 0)
    return fault("the plugin did not end the run, the host had to");
  if (run.outcome->error_class == runtime::ErrorClass::kTimeout)
    return fault("the run went on after its program had ended, until its time was over: " + run.how());
  return std::nullopt;
}

std::optional<Finding> Scene::unclaimed(bool runtime::Capabilities::*flag, std::string_view name) const {
  if (no_instance_) return no_instance_;
  if (instance_->capabilities().*flag) return std::nullopt;
  return skip(fmt::format("it does not claim {}", name));
}

std::optional<Finding> Scene::missing(const Subject& subject, std::string_view kind, std::string_view what_it_shows) {
  if (has_kind(subject, kind)) return std::nullopt;
  return skip(fmt::format("needs a transcript of kind \"{}\": {}", kind, what_it_shows));
}

std::string first_line(const Script& script) {
  for (const auto& piece : script.pieces) {
    if (piece.stream != process::Stream::kStdout || piece.bytes.empty()) continue;
    const auto end = piece.bytes.find('\n');
    return end == std::string::npos ? piece.bytes : piece.bytes.substr(0, end + 1);
  }
  return std::string(kWords);
}

void say_plainly(Script& script) {
  if (script.echoes) script = {.pieces = {{.bytes = "one line\n"}, {.bytes = "and another\n"}}};
}

void hang_after_first_line(Script& script) {
  script.pieces = {{.bytes = first_line(script)}};
  script.hangs = true;
  script.echoes = false;
}

void cut_to_bytes(Script& script) { cut_to_pieces(script, 1); }

void cut_to_pieces(Script& script, std::size_t size) {
  std::vector<Piece> pieces;
  for (const auto& piece : script.pieces) {
    std::size_t at = 0;
    do {
      const bool is_last = piece.bytes.size() - at < 2 * size;
      const auto bytes = piece.bytes.substr(at, is_last ? std::string::npos : size);
      if (at == 0) {
        pieces.push_back(piece);
        pieces.back().bytes = bytes;
      } else {
        pieces.push_back({.bytes = bytes, .stream = piece.stream});
      }
      at += bytes.size();
    } while (at < piece.bytes.size());
  }
  script.pieces = std::move(pieces);
}

}  // namespace baton::plugin_check
