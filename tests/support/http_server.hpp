// A real HTTP server in a process of its own (http_server/server.py): what it does is said by the path of a request.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/bug.hpp"
#include "tests/support/temp_dir.hpp"

extern char** environ;

namespace baton::test {

class HttpServer {
 public:
  HttpServer() {
    std::array<int, 2> in{}, out{};
    require(::pipe2(in.data(), O_CLOEXEC) == 0 && ::pipe2(out.data(), O_CLOEXEC) == 0, "no pipe");
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    ::posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    std::vector<std::string> words{BATON_TEST_PYTHON, "-W", "ignore", BATON_TEST_HTTP_SERVER, directory_.path()};
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    require(::posix_spawn(&process_, argv[0], &actions, nullptr, argv.data(), environ) == 0, "no test server");
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    lifeline_ = in[1];
    read_ports(out[0]);
  }
  ~HttpServer() {
    ::close(lifeline_);
    ::waitpid(process_, nullptr, 0);
  }
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  bool has(const std::string& listener) const { return ports_.contains(listener); }
  std::uint16_t port(const std::string& listener) const { return ports_.at(listener); }
  std::string url(const std::string& listener, const std::string& path) const {
    const bool tls = !listener.starts_with("plain");
    return fmt::format("{}://{}:{}/{}", tls ? "https" : "http", listener == "plain6" ? "[::1]" : "127.0.0.1",
                       port(listener), path);
  }
  // Of the authority that signed what is good; there when the openssl command is.
  std::filesystem::path ca_file() const { return directory_ / "ca.pem"; }

 private:
  void read_ports(int descriptor) {
    std::FILE* const lines = ::fdopen(descriptor, "r");
    std::array<char, 64> name{};
    unsigned port = 0;
    while (std::fscanf(lines, "%63s", name.data()) == 1 && std::string(name.data()) != "ready") {
      require(std::fscanf(lines, "%u", &port) == 1, "the test server said something odd");
      ports_[name.data()] = static_cast<std::uint16_t>(port);
    }
    std::fclose(lines);
    require(!ports_.empty(), "the test server did not start");
  }

  TempDir directory_;
  pid_t process_ = 0;
  int lifeline_ = -1;
  std::map<std::string, std::uint16_t> ports_;
};

}  // namespace baton::test
