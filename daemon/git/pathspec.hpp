// Path arguments that mean exactly the named files, whatever characters they hold.
#pragma once

#include <string>
#include <vector>

namespace baton::git {

// "-- . :(exclude,literal)a …": everything below the current directory but `names`.
inline void append_all_but(std::vector<std::string>& arguments, const std::vector<std::string>& names) {
  arguments.insert(arguments.end(), {"--", "."});
  for (const auto& name : names) {
    const bool directory = name.ends_with('/');
    arguments.push_back(":(exclude,literal)" + (directory ? name.substr(0, name.size() - 1) : name));
  }
}

}  // namespace baton::git
