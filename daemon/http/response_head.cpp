#include "http/response_head.hpp"

#include <ctime>

#include <fmt/format.h>

#include "base/log.hpp"
#include "http/ascii.hpp"

namespace baton::http {
namespace {

void append_number(std::string& out, std::size_t number) { out.append(fmt::format_int(number).c_str()); }

void append_status_line(std::string& out, int status) {
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::size_t>(status));
  out.append(" ").append(reason_of(status)).append("\r\n");
}

void append_date(std::string& out, DateText& date) { out.append("Date: ").append(date.now()).append("\r\n"); }

// Appends what the handler asked for beyond the usual; true when it spoke about caches.
bool append_extra(std::string& out, const Response& response) {
  bool caches = false;
  for (const auto& [name, value] : response.headers) {
    if (!ascii::is_token(name) || !ascii::is_field_value(value)) {
      log::error("http: a response header that cannot be sent was left out: {}", ascii::is_token(name) ? name : "?");
      continue;
    }
    caches = caches || ascii::equal(name, "cache-control");
    out.append(name).append(": ").append(value).append("\r\n");
  }
  return caches;
}

}  // namespace

std::string_view reason_of(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    case 507: return "Insufficient Storage";
    default: return "Status";  // the number is what counts (RFC 9112 §4)
  }
}

std::string_view DateText::now() {
  const std::time_t second = std::time(nullptr);
  if (second != second_) {
    second_ = second;
    std::tm utc{};
    gmtime_r(&second, &utc);
    char text[64];
    text_.assign(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc));
  }
  return text_;
}

bool may_have_body(int status) { return status >= 200 && status != 204 && status != 304; }

void append_head(std::string& out, const Response& response, HeadStyle style, DateText& date) {
  append_status_line(out, response.status);
  append_date(out, date);
  if (may_have_body(response.status)) {
    out.append("Content-Type: ").append(response.content_type).append("\r\nContent-Length: ");
    append_number(out, response.body.size());
    out.append("\r\n");
  }
  out.append("X-Content-Type-Options: nosniff\r\n");
  const bool caches = append_extra(out, response);
  if (style.no_store && !caches) out.append("Cache-Control: no-store\r\n");
  if (style.close) {
    out.append("Connection: close\r\n");
  } else if (style.keep_alive) {
    out.append("Connection: keep-alive\r\n");
  }
  out.append("\r\n");
}

void append_stream_head(std::string& out, DateText& date) {
  append_status_line(out, 200);
  append_date(out, date);
  out.append(
      "Content-Type: text/event-stream; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n"
      "Cache-Control: no-store\r\nX-Accel-Buffering: no\r\nConnection: close\r\n\r\n");
}

}  // namespace baton::http
