#include "plugin/secret_source.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace baton::plugin {
namespace {

class SecretSource : public ::testing::Test {
 protected:
  std::string file(const std::string& content, mode_t mode = 0600) {
    const std::string path = directory / "key";
    std::ofstream(path, std::ios::binary) << content;
    ::chmod(path.c_str(), mode);
    return path;
  }
  static std::string read(const std::string& source) {
    auto value = read_secret(source);
    return value ? *value : "error " + std::to_string(static_cast<int>(value.error().code));
  }
  static std::string error(Errc code) { return "error " + std::to_string(static_cast<int>(code)); }

  test::TempDir directory;
};

TEST_F(SecretSource, HasThreeForms) {
  for (const char* good : {"env:KEY", "env:_k9", "file:/etc/key", "credential:key", "credential:my.key"})
    EXPECT_TRUE(is_secret_source(good)) << good;
  for (const char* bad : {"", "KEY", "env:", "env:9K", "env:A B", "env:A=B", "file:", "file:key",
                          "credential:", "credential:a/b", "credential:..", "ENV:KEY"})
    EXPECT_FALSE(is_secret_source(bad)) << bad;
  const auto wrong = read_secret("sk-the-value-itself");
  EXPECT_EQ(wrong.error().code, Errc::kInvalid);
  EXPECT_EQ(wrong.error().what.find("sk-the"), std::string::npos) << "it may be the value";
}

TEST_F(SecretSource, AVariable) {
  ::setenv("BATON_TEST_SECRET", "value", 1);
  EXPECT_EQ(read("env:BATON_TEST_SECRET"), "value");
  ::setenv("BATON_TEST_SECRET", "", 1);
  EXPECT_EQ(read("env:BATON_TEST_SECRET"), error(Errc::kNotFound));
  ::unsetenv("BATON_TEST_SECRET");
  EXPECT_EQ(read("env:BATON_TEST_SECRET"), error(Errc::kNotFound));
}

TEST_F(SecretSource, AFileWithoutItsLineEnd) {
  EXPECT_EQ(read("file:" + file("value\n")), "value");
  EXPECT_EQ(read("file:" + file("value\r\n")), "value");
  EXPECT_EQ(read("file:" + file(" two\nlines \n\n")), " two\nlines \n");
  EXPECT_EQ(read("file:" + file("\n")), error(Errc::kNotFound));
  EXPECT_EQ(read("file:" + file("")), error(Errc::kNotFound));
  EXPECT_EQ(read("file:" + (directory / "none").native()), error(Errc::kNotFound));
}

TEST_F(SecretSource, AFileOfAtMost64KiB) {
  EXPECT_EQ(read("file:" + file(std::string(kSecretBytes, 'x') + "\r\n")).size(), kSecretBytes);
  EXPECT_EQ(read("file:" + file(std::string(kSecretBytes + 1, 'x'))), error(Errc::kTooLarge));
  EXPECT_EQ(read("file:" + file(std::string(kSecretBytes * 3, 'x'))), error(Errc::kTooLarge));
}

TEST_F(SecretSource, AFileThatOthersMayTouchIsDenied) {
  for (const mode_t mode : {0604, 0644, 0620, 0666, 0601}) {
    EXPECT_EQ(read("file:" + file("v", mode)), error(Errc::kDenied)) << std::oct << mode;
  }
  for (const mode_t mode : {0400, 0600, 0640, 0440})
    EXPECT_EQ(read("file:" + file("v", mode)), "v") << std::oct << mode;
  EXPECT_EQ(read("file:" + directory.path().native()), error(Errc::kDenied)) << "a directory";
  const std::string pipe = directory / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(read("file:" + pipe), error(Errc::kDenied));
}

TEST_F(SecretSource, ACredentialOfTheServiceManager) {
  ::unsetenv("CREDENTIALS_DIRECTORY");
  EXPECT_EQ(read("credential:key"), error(Errc::kNotFound));
  file("from systemd\n", 0444);
  ::setenv("CREDENTIALS_DIRECTORY", directory.path().c_str(), 1);
  EXPECT_EQ(read("credential:key"), "from systemd");
  EXPECT_EQ(read("credential:other"), error(Errc::kNotFound));
  ::unsetenv("CREDENTIALS_DIRECTORY");
}

}  // namespace
}  // namespace baton::plugin
