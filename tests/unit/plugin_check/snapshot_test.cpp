#include "plugin_check/snapshot.hpp"

#include <clocale>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <thread>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace baton::plugin_check {
namespace {

TEST(Snapshot, IsTheSameWhenNothingHappens) {
  const auto before = take_snapshot();
  const auto after = take_snapshot();
  EXPECT_EQ(joined(changed_state(before, after)), "");
  EXPECT_EQ(joined(new_threads(before, after)), "");
  EXPECT_EQ(joined(new_descriptors(before, after)), "");
  EXPECT_EQ(joined(new_children(before, after)), "");
}

TEST(Snapshot, SeesAThreadAndADescriptor) {
  const auto before = take_snapshot();
  std::promise<void> end;
  std::thread worker([&] { end.get_future().wait(); });
  const int file = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const auto after = take_snapshot();
  EXPECT_EQ(new_threads(before, after).size(), 1U);
  EXPECT_EQ(new_descriptors(before, after).size(), 1U);
  ::close(file);
  end.set_value();
  worker.join();
}

TEST(Snapshot, SeesAChild) {
  const auto before = take_snapshot();
  const pid_t child = ::fork();
  if (child == 0) {
    ::pause();
    ::_exit(0);
  }
  EXPECT_EQ(new_children(before, take_snapshot()).size(), 1U);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

TEST(Snapshot, SeesWhatIsChangedOfTheProcess) {
  const auto before = take_snapshot();
  const auto directory = std::filesystem::current_path();
  const auto mask = ::umask(0123);
  std::filesystem::current_path("/");
  ::setenv("BATON_TEST_SNAPSHOT", "1", 1);  // NOLINT(concurrency-mt-unsafe): the only thread
  std::signal(SIGUSR2, SIG_IGN);
  const auto changes = changed_state(before, take_snapshot());
  ::umask(mask);
  std::filesystem::current_path(directory);
  ::unsetenv("BATON_TEST_SNAPSHOT");  // NOLINT(concurrency-mt-unsafe)
  std::signal(SIGUSR2, SIG_DFL);
  EXPECT_EQ(changes.size(), 4U) << joined(changes);
}

}  // namespace
}  // namespace baton::plugin_check
