// One exchange of a plugin, from start to its last callback: turns what the service says into the plugin's calls.
//
// It is kept alive by the call that runs through it, because the plugin may close its exchange inside any callback.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "baton/ext/http.h"
#include "plugin/http_service.hpp"

namespace baton::plugin {

class Instance;

class HttpRecord : public std::enable_shared_from_this<HttpRecord> {
 public:
  // `entry`: what the configuration would have to hold if it turns out that the name is another machine's.
  HttpRecord(Instance& instance, baton_run owner, const baton_http_events& events, void* user, std::string entry);

  baton_run owner() const { return owner_; }
  void set_handle(baton_http handle) { handle_ = handle; }
  void set_exchange(std::unique_ptr<HttpExchange> exchange) { exchange_ = std::move(exchange); }

  // The calls for the service; they do nothing once the record is gone. Once.
  HttpEvents events();
  // Expires when the service has dropped the calls, and with them the exchange.
  std::weak_ptr<const void> token() const { return token_; }

  // Not read while one of the two says so.
  void pause(bool paused);  // by the plugin
  void hold(bool held);     // by the consumer of its run
  void close();             // silence

 private:
  void take_head(int status, const HttpHeaders& headers);
  void take_body(std::string_view bytes);
  void take_done(const Result<Unit>& how);

  Instance& instance_;
  baton_run owner_;
  baton_http_events events_;
  void* user_;
  std::string entry_;
  baton_http handle_{};
  bool closed_ = false;
  bool paused_ = false, held_ = false;
  std::weak_ptr<const void> token_;
  std::unique_ptr<HttpExchange> exchange_;
};

}  // namespace baton::plugin
