#include "plugin/http_record.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "plugin/abi_values.hpp"
#include "plugin/instance.hpp"

namespace baton::plugin {

HttpRecord::HttpRecord(Instance& instance, baton_run owner, const baton_http_events& events, void* user,
                       std::string entry)
    : instance_(instance), owner_(owner), events_(events), user_(user), entry_(std::move(entry)) {}

HttpEvents HttpRecord::events() {
  const auto weak = weak_from_this();
  HttpEvents calls;
  calls.on_head = [weak](int status, const HttpHeaders& headers) {
    if (const auto self = weak.lock()) self->take_head(status, headers);
  };
  calls.on_body = [weak](std::string_view bytes) {
    if (const auto self = weak.lock()) self->take_body(bytes);
  };
  const auto token = std::make_shared<char>();
  token_ = token;
  calls.on_done = [weak, token](const Result<Unit>& how) {
    if (const auto self = weak.lock()) self->take_done(how);
  };
  return calls;
}

void HttpRecord::pause(bool paused) {
  paused_ = paused;
  exchange_->pause(paused_ || held_);
}

void HttpRecord::hold(bool held) {
  held_ = held;
  exchange_->pause(paused_ || held_);
}

void HttpRecord::close() {
  closed_ = true;
  exchange_.reset();
}

void HttpRecord::take_head(int status, const HttpHeaders& headers) {
  if (closed_ || events_.on_head == nullptr) return;
  std::vector<baton_field> fields;
  fields.reserve(headers.size());
  for (const auto& [name, value] : headers) fields.push_back({str(name), str(value)});
  instance_.gate().enter("on_head", [&] { events_.on_head(user_, handle_, status, fields.data(), fields.size()); });
}

void HttpRecord::take_body(std::string_view bytes) {
  if (closed_ || events_.on_body == nullptr) return;
  instance_.gate().enter("on_body", [&] { events_.on_body(user_, handle_, str(bytes)); });
}

void HttpRecord::take_done(const Result<Unit>& how) {
  if (closed_) return;
  closed_ = true;
  instance_.exchanges().forget(handle_);
  if (events_.on_done == nullptr) return;
  const auto status = how ? BATON_OK : status_of(how.error().code);
  std::string text = how ? std::string() : how.error().what;
  if (status == BATON_E_DENIED)
    text += fmt::format("; the configuration of this runtime lacks network = [\"{}\"]", entry_);
  instance_.gate().enter("on_done", [&] { events_.on_done(user_, handle_, status, str(text)); });
}

}  // namespace baton::plugin
