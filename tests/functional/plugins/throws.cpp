// Throws out of run_start, which the wrapper turns into a refusal; with THROW_IN_RELEASE out of a destructor in
// run_release, which no wrapper can turn into anything: the program ends.
#include <memory>
#include <stdexcept>

#include <baton/cpp/entry.hpp>

namespace {

using namespace baton::plugin;

class ThrowingRun {
 public:
  ThrowingRun() = default;
  ThrowingRun(const ThrowingRun&) = delete;
  ThrowingRun& operator=(const ThrowingRun&) = delete;
#ifdef THROW_IN_RELEASE
  ~ThrowingRun() noexcept(false) { throw std::runtime_error("out of a destructor"); }
#else
  ~ThrowingRun() = default;
#endif
};

class Thrower : public Runtime<Thrower, ThrowingRun> {
 public:
  Thrower(Host host, const baton_create_args& /*args*/) : Runtime(host) {}
  baton_runtime_caps caps() const {
    baton_runtime_caps caps{};
    caps.integration = BATON_INTEGRATION_PROGRAM;
    caps.context_tokens = -1;
    return caps;
  }
  void probe(Probe probe) {
    ProbeResult result;
    result.ready = true;
    probe.answer(result);
  }
  std::unique_ptr<ThrowingRun> start(Run run, const baton_run_request& /*request*/) {
#ifdef THROW_IN_RELEASE
    run.finish({.result = BATON_RESULT_SUCCESS, .summary = {}, .detail = {}});
    return std::make_unique<ThrowingRun>();
#else
    (void)run;
    throw std::runtime_error("out of run_start");
#endif
  }
  void cancel(ThrowingRun& /*run*/, std::uint32_t /*reason*/, std::int64_t /*deadline*/) {}
};

constexpr const char* kOffers[] = {BATON_EXT_RUNTIME, nullptr};
constexpr baton_descriptor kDescriptor{.size = sizeof(baton_descriptor),
                                       .reserved = 0,
                                       .id = THE_ID,
                                       .name = "Thrower",
                                       .version = "1",
                                       .vendor = nullptr,
                                       .url = nullptr,
                                       .license = nullptr,
                                       .summary = nullptr,
                                       .config_schema = nullptr,
                                       .offers = kOffers,
                                       .needs = nullptr,
                                       .wants = nullptr,
                                       .secrets = nullptr,
                                       .executables = nullptr,
                                       .user_files = nullptr};

}  // namespace

BATON_PLUGIN(Thrower, kDescriptor)
