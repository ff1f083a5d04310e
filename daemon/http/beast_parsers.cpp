// The only translation unit that includes Beast, and only its sans-IO half: of Boost.Asio nothing but the buffer type.
//
// put() is given a contiguous piece and calls back for each part that it recognised. The callbacks write into our own
// types and refuse what our rules refuse; `ec` only carries the fact, the reason is kept beside it.
#include <algorithm>
#include <functional>
#include <optional>
#include <string>

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "base/bug.hpp"
#include "base/limits.hpp"
#include "http/ascii.hpp"
#include "http/request_parser.hpp"
#include "http/response_parser.hpp"
#include "http/target.hpp"

namespace baton::http {
namespace {

namespace beast = boost::beast;
using BodyLength = boost::optional<std::uint64_t>;
using ErrorCode = beast::error_code;

constexpr std::size_t kReserve = 16 * 1024;       // a body's announced length is believed up to here
constexpr std::size_t kKeptCapacity = 64 * 1024;  // a larger buffer is given back after its request

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

// True when the value was folded over several lines (RFC 9112 §5.2). Beast joins the lines in a buffer of its own, or,
// when the first line is empty, skips it: the value does not lie behind the name on the same line of `input`.
bool is_folded(std::string_view input, std::string_view name, std::string_view value) {
  const std::less<const char*> before;
  const char* const from = name.data() + name.size();
  const char* const end = input.data() + input.size();
  if (before(value.data(), from) || before(end, value.data())) return true;
  return std::string_view(from, static_cast<std::size_t>(value.data() - from)).find('\n') != std::string_view::npos;
}

// True when the request line is one of another version of HTTP; Beast says the same of a line that is none at all.
bool is_other_version(std::string_view input) {
  const auto line = input.substr(0, input.find('\r'));
  constexpr std::string_view kForm = " HTTP/d.d";
  if (line.size() < kForm.size()) return false;
  const auto tail = line.substr(line.size() - kForm.size());
  return tail.starts_with(" HTTP/") && ascii::all_digits(tail.substr(6, 1)) && tail[7] == '.' &&
         ascii::all_digits(tail.substr(8)) && tail.substr(6, 2) != "1.";
}

Refusal refusal_of(ErrorCode ec, std::string_view input) {
  using beast::http::error;
  if (ec == error::header_limit) return {431, "request head too large"};
  if (ec == error::body_limit) return {413, "request body too large"};
  if (ec == error::bad_version && is_other_version(input)) return {505, "HTTP version not supported"};
  if (ec == error::bad_method) return {400, "bad request: method"};
  if (ec == error::bad_target) return {400, "bad request: target"};
  if (ec == error::bad_field || ec == error::bad_value) return {400, "bad request: header line"};
  if (ec == error::bad_content_length || ec == error::multiple_content_length) {
    return {400, "bad request: Content-Length"};
  }
  if (ec == error::bad_transfer_encoding) return {400, "bad request: Transfer-Encoding"};
  if (ec == error::bad_chunk || ec == error::bad_chunk_extension) return {400, "bad request: chunk"};
  return {400, "bad request"};
}

}  // namespace

// ---- requests ----

class RequestParser::Impl {
 public:
  // Beast's parser reads one message and cannot be used again, so each request gets one in the same place.
  class Reader final : public beast::http::basic_parser<true> {
   public:
    Reader(Impl& owner, RequestParser& parser) : owner_(owner), parser_(parser) {
      header_limit(static_cast<std::uint32_t>(owner.limits_.head));
      body_limit(owner.limits_.body);
      eager(true);
    }

   private:
    void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target, int version,
                         ErrorCode& ec) override {
      owner_.minor_ = version - 10;
      const auto known = method_from(view(method));
      if (!known) return owner_.refuse({501, "method not implemented"}, ec);
      parser_.request_.method = *known;
      owner_.raw_target_.assign(target.data(), target.size());
    }
    void on_response_impl(int, beast::string_view, int, ErrorCode&) override { bug("a request parser saw a response"); }

    void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value, ErrorCode& ec) override {
      if (owner_.head_done_) return;  // a trailer: nobody asked for one, and it must not overrule the head
      if (is_folded(owner_.input_, view(name), view(value))) {
        return owner_.refuse({400, "a header value is folded over lines"}, ec);
      }
      if (const auto refused = owner_.rules_.field(view(name), view(value))) return owner_.refuse(*refused, ec);
      auto& header = parser_.next_header();
      ascii::assign_lower(header.first, view(name));
      header.second.assign(value.data(), value.size());
    }

    void on_header_impl(ErrorCode& ec) override {
      owner_.head_done_ = true;
      owner_.keep_alive_ = keep_alive();
      if (const auto refused = owner_.rules_.end(owner_.minor_)) return owner_.refuse(*refused, ec);
      Request& request = parser_.request_;
      const auto read = set_target(request, owner_.raw_target_, request.header("host").value_or(""));
      if (read) return;
      owner_.why_ = read.error().what;
      owner_.refuse({400, owner_.why_}, ec);
    }
    void on_body_init_impl(const BodyLength& length, ErrorCode&) override {
      if (length) parser_.request_.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*length, kReserve)));
    }
    std::size_t on_body_impl(beast::string_view piece, ErrorCode&) override {
      parser_.request_.body.append(piece.data(), piece.size());
      return piece.size();
    }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, ErrorCode&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view piece, ErrorCode&) override {
      parser_.request_.body.append(piece.data(), piece.size());
      return piece.size();
    }
    void on_finish_impl(ErrorCode&) override {}

    Impl& owner_;
    RequestParser& parser_;
  };

  Impl(RequestParser& parser, ParserLimits limits) : limits_(limits), parser_(parser) { reset(); }

  void reset() {
    reader_.emplace(*this, parser_);
    rules_ = {};
    refusal_ = {};
    head_bytes_ = 0;
    started_ = head_done_ = false;
    keep_alive_ = false;
    minor_ = 1;
  }

  Progress put(std::string_view bytes) {
    const std::size_t skipped = started_ ? 0 : empty_line(bytes);
    bytes.remove_prefix(skipped);
    if (bytes.empty()) return {skipped, State::kNeedMore};
    if (!started_ && bytes == "\r") return {skipped, State::kNeedMore};
    started_ = true;
    input_ = bytes;
    ErrorCode ec;
    const bool in_head = !head_done_;
    std::size_t used = reader_->put({bytes.data(), bytes.size()}, ec);
    if (in_head && !refusal_.status) count_head(bytes, used, ec);
    used += skipped;
    if (refusal_.status) return {used, State::kRefused};
    if (ec && ec != beast::http::error::need_more) {
      refusal_ = refusal_of(ec, input_);
      return {used, State::kRefused};
    }
    return {used, reader_->is_done() ? State::kComplete : State::kNeedMore};
  }

  void refuse(Refusal refusal, ErrorCode& ec) {
    refusal_ = refusal;
    ec = beast::http::error::bad_value;  // any error stops the parser
  }

  const ParserLimits limits_;
  RequestParser& parser_;
  std::optional<Reader> reader_;
  std::string_view input_;  // of the put() that runs
  std::string raw_target_;
  HeadRules rules_;
  Refusal refusal_;
  std::string why_;  // what a refusal's text points to, when it is not a constant
  std::size_t head_bytes_ = 0;
  int minor_ = 1;
  bool started_ = false;
  bool head_done_ = false;
  bool keep_alive_ = false;

 private:
  // Old clients send an empty line after a body (RFC 9112 §2.2): one is skipped.
  static std::size_t empty_line(std::string_view bytes) { return bytes.starts_with("\r\n") ? 2 : 0; }

  // Beast's limit is on the request line and on the fields, each for itself; ours is on both together.
  void count_head(std::string_view bytes, std::size_t used, ErrorCode& ec) {
    if (!head_done_) {
      head_bytes_ += used;
      if (head_bytes_ + (bytes.size() - used) > limits_.head) refuse({431, "request head too large"}, ec);
      return;
    }
    const auto end = bytes.substr(0, used).find("\r\n\r\n");
    const std::size_t last = end == std::string_view::npos ? 0 : end + 4;
    if (head_bytes_ + last > limits_.head) refuse({431, "request head too large"}, ec);
  }
};

RequestParser::RequestParser(ParserLimits limits) : impl_(std::make_unique<Impl>(*this, limits)) {}
RequestParser::~RequestParser() = default;

RequestParser::Progress RequestParser::put(std::string_view bytes) { return impl_->put(bytes); }

void RequestParser::reset() {
  impl_->reset();
  request_.target.clear();
  request_.path.clear();
  for (auto& header : request_.headers) spare_headers_.push_back(std::move(header));
  request_.headers.clear();
  if (request_.body.capacity() > kKeptCapacity) std::string().swap(request_.body);
  request_.body.clear();
}

std::pair<std::string, std::string>& RequestParser::next_header() {
  if (spare_headers_.empty()) return request_.headers.emplace_back();
  request_.headers.push_back(std::move(spare_headers_.back()));
  spare_headers_.pop_back();
  return request_.headers.back();
}

bool RequestParser::started() const { return impl_->started_; }
bool RequestParser::head_done() const { return impl_->head_done_; }
int RequestParser::minor_version() const { return impl_->minor_; }
bool RequestParser::keep_alive() const { return impl_->keep_alive_; }
bool RequestParser::expects_continue() const { return impl_->minor_ == 1 && impl_->rules_.expects_continue(); }
const Refusal& RequestParser::refusal() const { return impl_->refusal_; }

// ---- responses ----

class ResponseParser::Impl {
 public:
  class Reader final : public beast::http::basic_parser<false> {
   public:
    explicit Reader(Impl& owner) : owner_(owner) {
      header_limit(limits::kAnswerHead);
      body_limit(boost::none);  // whoever takes the body counts it
      eager(true);
      skip(owner.no_body_);
    }

   private:
    void on_request_impl(beast::http::verb, beast::string_view, beast::string_view, int, ErrorCode&) override {
      bug("a response parser saw a request");
    }
    void on_response_impl(int status, beast::string_view, int, ErrorCode&) override { owner_.head_.status = status; }
    void on_field_impl(beast::http::field name, beast::string_view text, beast::string_view value,
                       ErrorCode& ec) override {
      if (owner_.head_done_) return;
      if (name == beast::http::field::transfer_encoding && !ascii::equal(view(value), "chunked")) {
        return owner_.fail_with({Errc::kInternal, "the answer has an unknown transfer coding"}, ec);
      }
      auto& header = owner_.head_.headers.emplace_back();
      ascii::assign_lower(header.first, view(text));
      header.second.assign(value.data(), value.size());
    }
    void on_header_impl(ErrorCode& ec) override {
      owner_.head_done_ = true;
      owner_.take_head(ec);
    }
    void on_body_init_impl(const BodyLength&, ErrorCode&) override {}
    std::size_t on_body_impl(beast::string_view piece, ErrorCode& ec) override { return owner_.take(view(piece), ec); }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, ErrorCode&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view piece, ErrorCode& ec) override {
      return owner_.take(view(piece), ec);
    }
    void on_finish_impl(ErrorCode&) override {}

    Impl& owner_;
  };

  Impl(bool no_body, OnBody on_body, OnHead on_head)
      : no_body_(no_body), on_body_(std::move(on_body)), on_head_(std::move(on_head)) {
    reset();
  }

  void reset() {
    reader_.emplace(*this);
    failure_.reset();
    head_ = {};
    head_done_ = false;
  }

  Result<std::size_t> put(std::string_view bytes) {
    std::size_t used = 0;
    while (used < bytes.size() && !reader_->is_done()) {
      ErrorCode ec;
      used += reader_->put({bytes.data() + used, bytes.size() - used}, ec);
      if (failure_) return fail(*failure_);
      if (ec == beast::http::error::need_more) break;
      if (ec == beast::http::error::header_limit) return fail(Errc::kTooLarge, "the head of the answer is too long");
      if (ec) return fail(Errc::kInternal, "the answer is not HTTP: " + ec.message());
      if (reader_->is_done() && is_interim()) reset();
    }
    return used;
  }

  Result<Unit> put_eof() {
    if (reader_->is_done()) return Unit{};
    if (!reader_->got_some()) return fail(Errc::kIo, "the connection was closed without an answer");
    ErrorCode ec;
    reader_->put_eof(ec);
    if (ec) return fail(Errc::kIo, "the connection was closed in the middle of the answer");
    return Unit{};
  }

  bool is_interim() const { return head_.status / 100 == 1; }

  void take_head(ErrorCode& ec) {
    if (head_.status == 101) return fail_with({Errc::kInternal, "the server left HTTP, which nobody asked for"}, ec);
    if (is_interim() || !on_head_) return;
    const auto taken = on_head_(head_);
    if (!taken) fail_with(taken.error(), ec);
  }

  std::size_t take(std::string_view piece, ErrorCode& ec) {
    const auto taken = on_body_(piece);
    if (!taken) fail_with(taken.error(), ec);
    return piece.size();
  }

  void fail_with(Error error, ErrorCode& ec) {
    failure_ = std::move(error);
    ec = beast::http::error::bad_value;
  }

  const bool no_body_;
  OnBody on_body_;
  OnHead on_head_;
  std::optional<Reader> reader_;
  std::optional<Error> failure_;
  ResponseHead head_;
  bool head_done_ = false;
};

ResponseParser::ResponseParser(bool no_body, OnBody on_body, OnHead on_head)
    : impl_(std::make_unique<Impl>(no_body, std::move(on_body), std::move(on_head))) {}
ResponseParser::~ResponseParser() = default;

Result<std::size_t> ResponseParser::put(std::string_view bytes) { return impl_->put(bytes); }
Result<Unit> ResponseParser::put_eof() { return impl_->put_eof(); }
bool ResponseParser::done() const { return impl_->reader_->is_done(); }
bool ResponseParser::head_done() const { return impl_->head_done_ && !impl_->is_interim(); }
const ResponseHead& ResponseParser::head() const { return impl_->head_; }
bool ResponseParser::keep_alive() const { return impl_->reader_->keep_alive(); }
void ResponseParser::reset() { impl_->reset(); }

}  // namespace baton::http
