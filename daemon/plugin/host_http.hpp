// The HTTP exchanges that one instance has begun: baton.http/1 over HttpService.
#pragma once

#include <cstddef>
#include <memory>

#include "base/result.hpp"
#include "baton/ext/http.h"
#include "plugin/closing.hpp"
#include "plugin/handle_table.hpp"
#include "plugin/http_service.hpp"
#include "plugin/network_grant.hpp"

namespace baton::plugin {

class HttpRecord;
class Instance;

class HostHttp {
 public:
  explicit HostHttp(Instance& instance);
  ~HostHttp();

  // As the table's functions.
  baton_status start(const baton_http_request* request, const baton_http_events* events, void* user, baton_http* out);
  baton_status pause(baton_http exchange, bool paused);
  baton_status close(baton_http exchange);

  // Its last callback begins: the handle is stale from here on.
  void forget(baton_http exchange) { records_.take(exchange.id); }

  // Back-pressure: what belongs to `owner` is not read while held.
  void hold(baton_run owner, bool held);
  void close_of(baton_run owner);
  void close_all();
  std::size_t alive() const { return records_.size(); }

 private:
  baton_status check(const baton_http_request& request);
  baton_status check_owner(baton_run owner);
  baton_status launch(HttpRequest request, const std::shared_ptr<HttpRecord>& record);
  std::size_t count_of(baton_run owner);

  Instance& instance_;
  static constexpr std::size_t kPerInstance = 64;  // closed ones until the service has dropped them too
  HandleTable<std::shared_ptr<HttpRecord>> records_{kPerInstance};
  Closing closing_;
};

}  // namespace baton::plugin
