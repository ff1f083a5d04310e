// What git's answers mean, as values.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace baton::git {

// A linked worktree and its private administration, which every command is told explicitly: a broken `.git` file must
// not make git find a repository further up (a home directory under git, say) and work on that.
struct Checkout {
  std::filesystem::path path;
  std::filesystem::path git_dir;  // <common>/worktrees/<name>
};

// A revision that was looked up.
struct Resolved {
  std::filesystem::path common_dir;  // the repository's own directory, the same from each of its worktrees
  bool bare = false;
  std::string commit;      // full id
  std::string branch_tip;  // of the branch that was asked about; empty: there is none
};

struct Branch {
  std::string tip;
  std::filesystem::path checked_out_at;  // empty: nowhere. The directory may be gone
};

struct Ref {
  std::string name;
  std::string commit;
};

struct Commit {
  std::string id;
  std::string parent;  // the first one; empty: none
};

struct Registered {
  std::filesystem::path path;  // as git recorded it; may be gone
  std::string head;
  std::string branch;  // "refs/heads/…"; empty: detached or bare
};

// A file at the root of a commit that is made without a checkout.
struct NewFile {
  std::string name;  // no '/', no quote, no control character
  std::string content;
  bool executable = false;
};

struct NewCommit {
  std::string branch;  // short name; may exist when `parent` holds all that it has
  std::string parent;  // full id
  std::string message;
  std::vector<NewFile> files;
  std::vector<std::string> removed;  // names at the root, which may be absent
};

// A worktree without files: its checkout is a step of its own (Git::check_out).
struct NewWorktree {
  std::filesystem::path path;
  std::string branch;       // short name of one that exists; empty: detached at `commit`
  std::string commit;       // full id
  std::string lock_reason;  // of the lock that it begins with: nobody prunes it before it is whole
};

// How much may be lost by removing a worktree.
enum class Removal : std::uint8_t {
  kClean,       // git refuses when anything is not committed, or it has submodules
  kForce,       // whatever is in it
  kEvenLocked,  // also when it is locked, as a killed `worktree add` leaves it
};

struct Status {
  std::string head;                    // full id; empty before the first commit
  std::string branch;                  // short name; empty: detached
  bool changed = false;                // tracked files, staged or not
  bool edited = false;                 // the same without files that are only missing on disk
  std::vector<std::string> untracked;  // one by one, without ignored files
  std::vector<std::string> nested;     // directories that are repositories of their own and not submodules
  // What git ignores, roughly: a directory that a rule names stands for what lies in it, and may be empty. Nothing here
  // means that there is nothing; Git::ignored() is exact.
  std::vector<std::string> ignored;

  bool clean() const { return !changed && untracked.empty() && nested.empty(); }
};

// One change of a transaction. No `commit`: the ref is deleted; no `expected`: it must not be there yet.
struct RefChange {
  std::string name;
  std::string commit = {};
  std::string expected = {};
};

// A ref with what people want to know of its commit.
struct DescribedRef {
  std::string name;
  std::string commit;
  std::int64_t committed_s = 0;  // since 1970
  std::string subject;           // may be no UTF-8
};

struct FileChange {
  std::string path;  // the new one of a rename
  std::int64_t insertions = 0;
  std::int64_t deletions = 0;
  bool binary = false;
};

// What to compare a checkout with.
struct DiffRequest {
  std::string commit;
  std::vector<std::string> excluded;  // files at the root that do not count
};

struct DiffText {
  std::string text;
  bool cut = false;  // longer than the limit
};

}  // namespace baton::git
