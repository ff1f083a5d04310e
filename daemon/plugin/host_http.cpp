#include "plugin/host_http.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

#include "http/ascii.hpp"
#include "http/request_head.hpp"
#include "http/url.hpp"
#include "plugin/abi_values.hpp"
#include "plugin/host_tables.hpp"
#include "plugin/http_record.hpp"
#include "plugin/instance.hpp"

namespace baton::plugin {
namespace {

constexpr std::size_t kPerRun = 16;
constexpr std::size_t kUrl = 8 * 1024, kMethod = 32, kHeaders = 64, kHeaderBytes = 64 * 1024, kBody = 32 * 1024 * 1024;
constexpr std::int64_t kLongestNs =
    std::int64_t{400} * 24 * 3600 * 1'000'000'000;  // more overflows the clock's arithmetic

// Null, or what breaks the contract.
const char* misfit(const baton_http_request& request) {
  if (!readable(request.method) || !readable(request.url) || !readable(request.body) ||
      (request.header_count > 0 && request.headers == nullptr))
    return "http: a text or the headers are nowhere";
  if (request.flags != 0) return "http: an unknown flag";
  if (request.connect_timeout_ns <= 0 || request.idle_timeout_ns <= 0 || request.total_timeout_ns <= 0)
    return "http: a timeout that is not above 0";
  if (!http::is_method(view(request.method))) return "http: the method is no token in upper case, or CONNECT";
  return nullptr;
}

// Both read all headers, of which there are at most kHeaders.
bool are_readable(const baton_http_request& request) {
  return std::all_of(request.headers, request.headers + request.header_count,
                     [](const baton_field& field) { return readable(field.key) && readable(field.value); });
}
std::size_t header_bytes(const baton_http_request& request) {
  std::size_t all = 0;
  for (std::size_t index = 0; index < request.header_count; ++index) {
    all += std::min(kHeaderBytes + 1, request.headers[index].key.size);
    all += std::min(kHeaderBytes + 1, request.headers[index].value.size);
  }
  return all;
}

std::chrono::nanoseconds time_of(std::int64_t ns) { return std::chrono::nanoseconds(std::min(ns, kLongestNs)); }

HttpRequest copy_of(const baton_http_request& from, const Permission& permission) {
  HttpRequest request;
  request.method = view(from.method);
  request.url = view(from.url);
  for (std::size_t index = 0; index < from.header_count; ++index)
    request.headers.emplace_back(view(from.headers[index].key), view(from.headers[index].value));
  request.body = view(from.body);
  request.connect_timeout = time_of(from.connect_timeout_ns);
  request.idle_timeout = time_of(from.idle_timeout_ns);
  request.total_timeout = time_of(from.total_timeout_ns);
  request.loopback_only = permission.loopback_only;
  return request;
}

}  // namespace

HostHttp::HostHttp(Instance& instance) : instance_(instance) {}
HostHttp::~HostHttp() = default;

baton_status HostHttp::start(const baton_http_request* raw, const baton_http_events* raw_events, void* user,
                             baton_http* out) {
  baton_http_request request{};
  baton_http_events events{};
  auto status = read_struct(raw, raw == nullptr ? 0 : raw->size, request);
  if (status != BATON_OK) return instance_.gate().refuse(status, "http: the request breaks the contract");
  status = read_struct(raw_events, raw_events == nullptr ? 0 : raw_events->size, events);
  if (status != BATON_OK) return instance_.gate().refuse(status, "http: the events break the contract");
  if (out == nullptr) return instance_.gate().refuse(BATON_E_INVALID, "http: no place for the handle");
  status = check(request);
  if (status != BATON_OK) return status;
  const auto url = http::url_from(view(request.url));
  if (!url) return instance_.gate().refuse(BATON_E_INVALID, url.error().what);
  auto permission = permission_for(instance_.settings().network, *url);
  if (!permission) return instance_.gate().refuse(BATON_E_DENIED, permission.error().what);

  if (records_.size() + closing_.count() >= kPerInstance)
    return instance_.gate().refuse(BATON_E_LIMIT, "64 HTTP exchanges of this instance are under way");
  auto copied = copy_of(request, *permission);
  auto record = std::make_shared<HttpRecord>(instance_, request.owner, events, user, std::move(permission->entry));
  const baton_http handle{records_.insert(record)};
  record->set_handle(handle);
  status = launch(std::move(copied), record);
  if (status != BATON_OK) {
    records_.take(handle.id);
    return status;
  }
  *out = handle;
  return BATON_OK;
}

baton_status HostHttp::check(const baton_http_request& request) {
  const auto bad = [&](const char* why) { return instance_.gate().refuse(BATON_E_INVALID, why); };
  if (const auto* why = misfit(request)) return bad(why);
  if (request.header_count > kHeaders || request.url.size > kUrl || request.method.size > kMethod ||
      request.body.size > kBody)
    return instance_.gate().refuse(BATON_E_LIMIT, "http: more than 8 KiB of URL, 64 headers or 32 MiB of body");
  if (!are_readable(request)) return bad("http: a header is nowhere");
  if (header_bytes(request) > kHeaderBytes)
    return instance_.gate().refuse(BATON_E_LIMIT, "http: more than 64 KiB of headers");
  for (std::size_t index = 0; index < request.header_count; ++index) {
    const auto name = view(request.headers[index].key);
    if (!http::ascii::is_token(name) || !http::ascii::is_field_value(view(request.headers[index].value)))
      return bad("http: a header that cannot be sent");
    if (http::is_clients_own(name)) return bad("http: a header that is the host's");
  }
  return check_owner(request.owner);
}

baton_status HostHttp::check_owner(baton_run owner) {
  if (owner.id == 0) return BATON_OK;
  if (!instance_.runs().is_alive(owner)) return instance_.gate().refuse(BATON_E_STALE, "http: the run has ended");
  if (count_of(owner) >= kPerRun)
    return instance_.gate().refuse(BATON_E_LIMIT, "16 HTTP exchanges of this run are under way");
  return BATON_OK;
}

baton_status HostHttp::launch(HttpRequest request, const std::shared_ptr<HttpRecord>& record) {
  auto* service = instance_.around().http;
  if (service == nullptr) return instance_.gate().explain(BATON_E_IO, "this host has no HTTP client");
  auto exchange = service->start(std::move(request), record->events());
  if (!exchange) return instance_.gate().explain(status_of(exchange.error().code), exchange.error().what);
  record->set_exchange(std::move(*exchange));
  if (instance_.runs().is_held(record->owner())) record->hold(true);
  return BATON_OK;
}

std::size_t HostHttp::count_of(baton_run owner) {
  const auto all = records_.handles();
  const auto open =
      std::ranges::count_if(all, [&](auto handle) { return (*records_.find(handle))->owner().id == owner.id; });
  return static_cast<std::size_t>(open) + closing_.count_of(owner);
}

baton_status HostHttp::pause(baton_http exchange, bool paused) {
  auto* record = records_.find(exchange.id);
  if (record == nullptr) return instance_.gate().refuse(BATON_E_STALE, "http: it is over, or was closed");
  (*record)->pause(paused);
  return BATON_OK;
}

baton_status HostHttp::close(baton_http exchange) {
  const auto record = records_.take(exchange.id);
  if (!record) return BATON_E_STALE;
  (*record)->close();
  closing_.add((*record)->owner(), (*record)->token());
  return BATON_OK;
}

void HostHttp::hold(baton_run owner, bool held) {
  for (const auto handle : records_.handles()) {
    const auto record = *records_.find(handle);
    if (record->owner().id == owner.id) record->hold(held);
  }
}

void HostHttp::close_of(baton_run owner) {
  for (const auto handle : records_.handles()) {
    if ((*records_.find(handle))->owner().id == owner.id) close({handle});
  }
}

void HostHttp::close_all() {
  for (const auto handle : records_.handles()) close({handle});
}

const baton_host_http kHostHttp{
    .size = sizeof(baton_host_http),
    .reserved = 0,
    .start =
        [](const baton_host* host, const baton_http_request* request, const baton_http_events* events, void* user,
           baton_http* out) noexcept {
          auto* instance = Instance::usable(host);
          return instance == nullptr ? BATON_E_STATE : instance->exchanges().start(request, events, user, out);
        },
    .pause =
        [](const baton_host* host, baton_http exchange, uint32_t paused) noexcept {
          auto* instance = Instance::usable(host);
          return instance == nullptr ? BATON_E_STATE : instance->exchanges().pause(exchange, paused != 0);
        },
    .close =
        [](const baton_host* host, baton_http exchange) noexcept {
          auto* instance = Instance::usable(host);
          return instance == nullptr ? BATON_E_STATE : instance->exchanges().close(exchange);
        }};

}  // namespace baton::plugin
