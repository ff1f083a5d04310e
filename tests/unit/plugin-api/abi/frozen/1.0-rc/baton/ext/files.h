/* baton.files/1: small files in a run's home_dir, or in the instance's data_dir (run id 0). The host gives it.
 *
 * It exists because some programs need a generated configuration in a private home, and a plugin must not touch the
 * disk on the reactor thread. Paths are relative and are resolved beneath the directory without following links; "."
 * and ".." are refused.
 */
#ifndef BATON_EXT_FILES_H
#define BATON_EXT_FILES_H

#include "../base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BATON_EXT_FILES "baton.files/1"

/* The end of each of the functions below: OK with the bytes that were read (empty for the others), NOT_FOUND, LIMIT
 * (longer than asked for), DENIED (a link, not a regular file), or IO.
 * Thread:  reactor
 * When:    once, in a later turn than the call, unless closed before; the handle is stale when it begins
 * Owner:   bytes are borrowed
 * Errors:  -
 * Limits:  1 MiB of bytes
 * Since:   1.0 */
typedef void (*baton_file_done)(void* user, baton_file_op, baton_status, baton_str bytes) BATON_NOEXCEPT;

typedef struct baton_host_files {
  uint32_t size, reserved;

  /* Reads a whole file.
   * Thread:  reactor (done too, never inside read)
   * When:    from create on; with a run: while it lives
   * Owner:   path is copied; *out is the plugin's until done, close, or the end of the run
   * Errors:  INVALID: not a relative path beneath; STALE: no such run; STATE: the run has no home_dir; LIMIT
   * Limits:  `max` at most 1 MiB, 0 means that; 64 operations at once
   * Since:   1.0 */
  baton_status (*read)(const baton_host*, baton_run, baton_str path, uint64_t max, baton_file_done, void* user,
                       baton_file_op* out) BATON_NOEXCEPT;

  /* Writes a whole file by a temporary one and a rename, so that a reader sees the old or the new content; missing
   * directories are made, mode 0700. The rename is not synced to disk.
   * Thread:  reactor (done too, never inside write)
   * When:    from create on; with a run: while it lives
   * Owner:   path and bytes are copied; *out is the plugin's until done, close, or the end of the run
   * Errors:  INVALID: not a relative path beneath, mode beyond 0777; STALE; STATE: the run has no home_dir; LIMIT
   * Limits:  1 MiB; mode 0 means 0600; 64 operations at once
   * Since:   1.0 */
  baton_status (*write)(const baton_host*, baton_run, baton_str path, baton_str bytes, uint32_t mode, baton_file_done,
                        void* user, baton_file_op* out) BATON_NOEXCEPT;

  /* Copies a file of the user (a login file), mode 0600.
   * Thread:  reactor (done too, never inside copy_in)
   * When:    from create on; with a run: while it lives
   * Owner:   both paths are copied; *out is the plugin's until done, close, or the end of the run
   * Errors:  DENIED: not in the descriptor's `user_files`, or not granted to this instance; INVALID; STALE; STATE;
   *          LIMIT
   * Limits:  1 MiB; only_newer 1: nothing is done when the copy is as new as the original; 64 operations at once
   * Since:   1.0 */
  baton_status (*copy_in)(const baton_host*, baton_run, baton_str user_file, baton_str path, uint32_t only_newer,
                          baton_file_done, void* user, baton_file_op* out) BATON_NOEXCEPT;

  /* Forgets it: done comes no more, `user` may be freed. What was begun may still happen.
   * Thread:  reactor
   * When:    any time
   * Owner:   the handle ends here
   * Errors:  STALE: it has ended already, which is harmless
   * Limits:  -
   * Since:   1.0 */
  baton_status (*close)(const baton_host*, baton_file_op) BATON_NOEXCEPT;
} baton_host_files;

#ifdef __cplusplus
}
#endif

#endif
